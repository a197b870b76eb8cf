//! php-fpm with what reports errors, behind an nginx of its own, as rendered but for paths.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::{Daemon, Project, adapt, run, wait_until};

/// Scripts that fail, each in its way.
const SCRIPTS: &[(&str, &str)] = &[
    ("well.php", "<?php echo 'well';"),
    (
        "throw.php",
        "<?php function pay($card) { throw new DomainException('no password=hunter2 for ' . $card); } pay('4111');",
    ),
    (
        "warn.php",
        "<?php echo $nothing, file_get_contents('/not/there'), 'served';",
    ),
    (
        "hidden.php",
        "<?php @file_get_contents('/not/there'); echo 'served';",
    ),
    (
        "memory.php",
        "<?php $x = ''; while (true) { $x .= str_repeat('x', 1 << 20); }",
    ),
    (
        "caught.php",
        "<?php set_exception_handler(function ($e) { ErrorReporter::report($e); http_response_code(503); echo 'sorry'; }); throw new LogicException('caught');",
    ),
];

/// An application machine.
pub(crate) struct Application {
    _fpm: Daemon,
    _nginx: Daemon,
    pub(crate) url: String,
    pub(crate) folder: String,
}

impl Application {
    /// Starts it; errors go to this address.
    pub(crate) fn start(project: &Project, address: &str, settings: &str) -> Self {
        let folder = project.path("errors").display().to_string();
        for (name, text) in SCRIPTS {
            project.write(&format!("errors/releases/r42/public/{name}"), text);
        }
        project.write("errors/errors.json", settings);
        let reporter = adapt(
            &project.read("out/production/monitoring/errors/reporter.php"),
            &[
                ("/etc/app/errors.json", &format!("{folder}/errors.json")),
                ("/run/php/error-store-down", &format!("{folder}/down")),
            ],
        );
        project.write("errors/reporter.php", &reporter);
        let ini = adapt(
            &project.read("out/production/monitoring/errors/80-errors.ini"),
            &[("/usr/local/lib/errors", &folder)],
        );
        project.write("errors/ini/80-errors.ini", &ini);
        let fpm = project.write(
            "errors/fpm.conf",
            &format!(
                "[global]\nerror_log = {folder}/fpm.log\n[app]\nuser = www-data\ngroup = www-data\n\
                 listen = {folder}/fpm.sock\nlisten.owner = www-data\npm = static\npm.max_children = 4\n\
                 clear_env = yes\nphp_admin_value[error_log] = {folder}/php.log\n\
                 php_admin_flag[log_errors] = on\nphp_admin_value[memory_limit] = 32M\n"
            ),
        );
        run(Command::new("chown").args(["-R", "www-data", &folder]));
        let fpm = Daemon::start(
            Command::new("php-fpm8.2").args(["-F", "-y"]).arg(fpm).env(
                "PHP_INI_SCAN_DIR",
                format!("/etc/php/8.2/fpm/conf.d:{folder}/ini"),
            ),
            &project.path("errors/fpm.out"),
        );
        let nginx = project.write(
            "errors/nginx.conf",
            &format!(
                "pid {folder}/nginx.pid;\nerror_log {folder}/nginx.log;\nuser www-data;\nevents {{}}\nhttp {{\n\
                 access_log off;\nserver {{\nlisten {address}:8080;\nlocation / {{\ninclude /etc/nginx/fastcgi_params;\n\
                 fastcgi_param SCRIPT_FILENAME {folder}/releases/r42/public$fastcgi_script_name;\n\
                 fastcgi_param DOCUMENT_ROOT {folder}/releases/r42/public;\n\
                 fastcgi_pass unix:{folder}/fpm.sock;\n}}\n}}\n}}\n"
            ),
        );
        let nginx = Daemon::start(
            Command::new("nginx")
                .args(["-g", "daemon off;", "-c"])
                .arg(nginx),
            &project.path("errors/nginx.out"),
        );
        let url = format!("http://{address}:8080");
        let application = Self {
            _fpm: fpm,
            _nginx: nginx,
            url,
            folder,
        };
        wait_until("the application answers", || {
            application.get("well.php").0 == "200"
        });
        application
    }

    /// Asks for a script, with what nobody else should see, and returns the code and the time.
    pub(crate) fn get(&self, script: &str) -> (String, Duration) {
        let begin = Instant::now();
        let output = Command::new("curl")
            .args(["-s", "-o", "/dev/null", "-w", "%{http_code}"])
            .args(["-b", "session=geheim", "-H", "X-Request-ID: trace-7"])
            .arg(format!("{}/{script}?token=geheim", self.url))
            .output()
            .unwrap();
        let code = String::from_utf8_lossy(&output.stdout).into_owned();
        (code, begin.elapsed())
    }
}

/// Takes what is reported, and answers or does not.
pub(crate) struct Receiver {
    pub(crate) port: u16,
    pub(crate) taken: Arc<Mutex<Vec<String>>>,
    pub(crate) answers: Arc<Mutex<bool>>,
}

impl Receiver {
    /// Listens on a port of its own.
    pub(crate) fn start(address: &str) -> Self {
        let listener = TcpListener::bind((address, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let taken = Arc::new(Mutex::new(Vec::new()));
        let answers = Arc::new(Mutex::new(true));
        let (log, says) = (Arc::clone(&taken), Arc::clone(&answers));
        std::thread::spawn(move || {
            let mut silent = Vec::new();
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                if !*says.lock().unwrap() {
                    log.lock().unwrap().push("silence".to_owned());
                    silent.push(stream);
                    continue;
                }
                let mut text = String::new();
                let mut part = vec![0; 65_536];
                while let Ok(count) = stream.read(&mut part) {
                    text += &String::from_utf8_lossy(&part[..count]);
                    if count == 0 || text.ends_with("}\n") {
                        break;
                    }
                }
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
                log.lock().unwrap().push(text);
            }
        });
        Self {
            port,
            taken,
            answers,
        }
    }

    /// Waits for so many reports, and returns them.
    pub(crate) fn wait(&self, count: usize) -> Vec<String> {
        wait_until(&format!("{count} reports"), || {
            self.taken.lock().unwrap().len() >= count
        });
        self.taken.lock().unwrap().drain(..).collect()
    }
}
