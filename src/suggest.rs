//! "Did you mean".

/// Returns the candidate nearest to a misspelt word, if one is near enough to be meant.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word_lower = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| {
            let distance = strsim::damerau_levenshtein(&word_lower, &candidate.to_lowercase());
            (distance, candidate)
        })
        .filter(|(distance, candidate)| {
            let longest = word.chars().count().max(candidate.chars().count());
            *distance * 3 <= longest.max(3)
        })
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn near_words_are_suggested_and_far_ones_are_not() {
        let keys = ["read_replicas", "write_master", "failover"];
        assert_eq!(nearest("read_replica", keys), Some("read_replicas"));
        assert_eq!(nearest("Failover", keys), Some("failover"));
        assert_eq!(nearest("wirte_master", keys), Some("write_master"));
        assert_eq!(nearest("color", keys), None);
    }
}
