//! PHP's `error_reporting` expressions.

use std::fmt;

use super::{Refusal, Scalar, Unit, UnitSchema, unit_serde};

/// An expression of `E_*` constants, integers, `&`, `|`, `^`, `~` and parentheses, as php.ini
/// reads it. PHP does not refuse a misspelt constant, it just reports something else, so the
/// expression is checked here and rendered verbatim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorReporting {
    text: String,
    mask: i64,
}

/// The constants of PHP 8 and their values, from the manual's "Predefined Constants".
const CONSTANTS: [(&str, i64); 16] = [
    ("E_ERROR", 1),
    ("E_WARNING", 2),
    ("E_PARSE", 4),
    ("E_NOTICE", 8),
    ("E_CORE_ERROR", 16),
    ("E_CORE_WARNING", 32),
    ("E_COMPILE_ERROR", 64),
    ("E_COMPILE_WARNING", 128),
    ("E_USER_ERROR", 256),
    ("E_USER_WARNING", 512),
    ("E_USER_NOTICE", 1024),
    ("E_STRICT", 2048),
    ("E_RECOVERABLE_ERROR", 4096),
    ("E_DEPRECATED", 8192),
    ("E_USER_DEPRECATED", 16_384),
    ("E_ALL", 32_767),
];

impl ErrorReporting {
    /// Parses a constant.
    ///
    /// # Panics
    /// When the constant is malformed; every use stands in a default, which a test covers.
    pub fn of(text: &str) -> Self {
        Self::parse(text).expect("a valid expression")
    }

    fn parse(text: &str) -> Result<Self, String> {
        let tokens = tokens(text)?;
        let mut parser = Parser {
            tokens: &tokens,
            depth: 0,
        };
        let mask = parser.or()?;
        match parser.tokens.first() {
            None => Ok(Self {
                text: text.trim().to_owned(),
                mask,
            }),
            Some(token) => Err(format!("`{}` is unexpected", token.text)),
        }
    }

    /// Returns whether errors of this constant are reported.
    pub fn reports(&self, constant: &str) -> bool {
        let bits = CONSTANTS
            .iter()
            .find(|(name, _)| *name == constant)
            .map_or(0, |(_, bits)| *bits);
        self.mask & bits == bits
    }

    /// Returns whether the expression names this constant.
    pub fn names(&self, constant: &str) -> bool {
        self.text
            .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
            .any(|word| word == constant)
    }
}

struct Token<'a> {
    text: &'a str,
    value: Option<i64>,
}

fn tokens(text: &str) -> Result<Vec<Token<'_>>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = if first.is_ascii_alphanumeric() || first == '_' {
            rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
                .unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (word, after) = rest.split_at(length);
        let value = match first {
            '&' | '|' | '^' | '~' | '(' | ')' => None,
            '0'..='9' => Some(
                word.parse::<u16>()
                    .map(i64::from)
                    .map_err(|_| format!("`{word}` is no error level"))?,
            ),
            _ => Some(constant(word)?),
        };
        tokens.push(Token { text: word, value });
        rest = after.trim_start();
    }
    Ok(tokens)
}

fn constant(word: &str) -> Result<i64, String> {
    CONSTANTS
        .iter()
        .find(|(name, _)| *name == word)
        .map(|(_, bits)| *bits)
        .ok_or_else(|| {
            let names = CONSTANTS.iter().map(|(name, _)| *name);
            match crate::suggest::nearest(word, names) {
                Some(name) => format!("`{word}` is no error level, did you mean `{name}`"),
                None => format!("`{word}` is no error level"),
            }
        })
}

/// Precedence climbs from `|` over `^` and `&` to `~`, as in PHP's INI grammar and C.
struct Parser<'a> {
    tokens: &'a [Token<'a>],
    depth: u32,
}

impl Parser<'_> {
    fn take(&mut self, text: &str) -> bool {
        let found = self.tokens.first().is_some_and(|token| token.text == text);
        if found {
            self.tokens = &self.tokens[1..];
        }
        found
    }

    fn or(&mut self) -> Result<i64, String> {
        let mut mask = self.xor()?;
        while self.take("|") {
            mask |= self.xor()?;
        }
        Ok(mask)
    }

    fn xor(&mut self) -> Result<i64, String> {
        let mut mask = self.and()?;
        while self.take("^") {
            mask ^= self.and()?;
        }
        Ok(mask)
    }

    fn and(&mut self) -> Result<i64, String> {
        let mut mask = self.not()?;
        while self.take("&") {
            mask &= self.not()?;
        }
        Ok(mask)
    }

    fn not(&mut self) -> Result<i64, String> {
        self.depth += 1;
        if self.depth > 64 {
            return Err("it is nested too deeply".to_owned());
        }
        let mask = if self.take("~") {
            !self.not()?
        } else if self.take("(") {
            let inner = self.or()?;
            if !self.take(")") {
                return Err("a `(` is not closed".to_owned());
            }
            inner
        } else {
            match self.tokens.split_first() {
                Some((
                    Token {
                        value: Some(value), ..
                    },
                    rest,
                )) => {
                    self.tokens = rest;
                    *value
                }
                Some((token, _)) => return Err(format!("`{}` is unexpected", token.text)),
                None => return Err("it ends too early".to_owned()),
            }
        };
        self.depth -= 1;
        Ok(mask)
    }
}

impl fmt::Display for ErrorReporting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Unit for ErrorReporting {
    fn read(scalar: Scalar<'_>) -> Result<Self, Refusal> {
        let text = scalar.to_string();
        Self::parse(&text).map_err(|why| {
            Refusal::coded(
                "L13",
                format!("`{text}` is not an error_reporting expression: {why}"),
                "combine E_* constants with &, |, ^ and ~, such as E_ALL & ~E_DEPRECATED",
            )
        })
    }

    fn spell(&self) -> String {
        self.text.clone()
    }

    fn schema() -> UnitSchema {
        UnitSchema {
            name: "ErrorReporting",
            description: "an error_reporting expression such as E_ALL & ~E_DEPRECATED",
            types: &["string", "integer"],
            examples: &["E_ALL & ~E_USER_NOTICE", "E_ERROR | E_PARSE"],
        }
    }
}

unit_serde!(ErrorReporting);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_are_those_php_computes() {
        for (text, mask) in [
            ("E_ALL", 32_767),
            ("E_ALL & ~E_DEPRECATED & ~E_NOTICE", 24_567),
            ("E_ERROR | E_PARSE", 5),
            ("(E_ERROR | E_WARNING) & ~E_WARNING", 1),
            ("E_ALL ^ E_NOTICE", 32_759),
            ("22519", 22_519),
        ] {
            assert_eq!(
                ErrorReporting::parse(text).map(|e| e.mask),
                Ok(mask),
                "{text}"
            );
        }
    }

    #[test]
    fn what_php_would_misread_is_refused() {
        for text in [
            "",
            "E_AL",
            "E_ALL &",
            "E_ALL ~E_NOTICE",
            "(E_ALL",
            "-1",
            "E_ALL; x",
            "E_ALL\n[x]",
        ] {
            assert!(ErrorReporting::parse(text).is_err(), "{text}");
        }
        assert!(ErrorReporting::parse(&"(".repeat(10_000)).is_err());
    }
}
