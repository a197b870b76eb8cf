"""The machines of an environment and their visitors, for those who check them."""

import contextlib
import json
import os
import pathlib
import re
import secrets
import shutil
import signal
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
FOLDER = REPOSITORY / "target/lab"


class Missed(Exception):
    """Something is not as it should be."""


def demand(well, what):
    if not well:
        raise Missed(what)


def run(*command, **options):
    """Returns what a command prints; it must succeed."""
    options = {"text": True, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
    ended = subprocess.run([str(word) for word in command], check=False, **options)
    if ended.returncode != 0:
        said = f"{ended.stdout or ''}\n{ended.stderr or ''}".strip().splitlines()
        raise Missed(f"{' '.join(map(str, command))[:100]} ended with {ended.returncode}: " + " | ".join(said[-8:]))
    return ended.stdout


def wait_until(what, patience, condition):
    """Returns how many seconds it took until a condition held."""
    started = time.monotonic()
    while True:
        try:
            if condition():
                return time.monotonic() - started
            lately = ""
        except Missed as missed:
            lately = f" ({missed})"
        demand(time.monotonic() - started < patience, f"waited {patience} s in vain: {what}{lately}")
        time.sleep(0.2)


class Platform:
    """An environment of the bundled inventory, on machines of its own."""

    def __init__(self, environment, driver, settings):
        self.environment = environment
        self.settings = [f"environment.{environment}.database.driver={driver}"] if driver else []
        if driver == "postgresql":
            self.settings.append("system.php.extensions=[pdo, pdo_pgsql, redis, mbstring]")
        if driver == "mariadb":
            self.settings.append("dependencies.database.mariadb=>=10.11")
        self.settings += [
            f"monitoring.alerts.email.to={Receivers.TO}",
            f"monitoring.alerts.email.smarthost={Receivers.MAIL}:587",
        ]
        self.settings += settings
        self.folder = FOLDER / environment
        self.out = self.folder / "out" / environment
        vault = self.folder / "vault-password"
        self.variables = os.environ | {
            "ANSIBLE_VAULT_PASSWORD_FILE": str(vault),
            "ANSIBLE_NOCOLOR": "1",
            "LC_ALL": "C.UTF-8",
            "TF_IN_AUTOMATION": "1",
            # Nothing leaves the machines' network; see Receivers.
            "SECRET_ALERT_PAGERDUTY_KEY": secrets.token_hex(16),
            "SECRET_ALERT_SLACK_URL": f"https://{Receivers.SLACK}/services/T00000000/B00000000/lab",
            "SECRET_DASHBOARD_PASSWORD": secrets.token_hex(16),
        }
        if (self.out / "terraform/terraform.tfstate").exists():
            # Machines that an earlier run kept.
            self.terraform("destroy", "-auto-approve")
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        shutil.copytree(REPOSITORY / "inventories", self.folder / "inventories")
        shutil.copy(HERE / "application.yml", self.folder / "inventories")
        vault.write_text(secrets.token_hex(16))
        vault.chmod(0o600)

    def render(self, *settings):
        """Returns what precast says about the change."""
        words = [word for setting in [*self.settings, *settings] for word in ("--set", setting)]
        return run(REPOSITORY / "target/debug/precast", "render", "--yes", self.environment, *words, cwd=self.folder)

    def terraform(self, command, *arguments):
        return run("terraform", command, "-no-color", *arguments, cwd=self.out / "terraform", env=self.variables)

    def playbook(self, name, *arguments):
        """Runs a playbook; returns how many tasks changed something."""
        log = self.folder / f"{name}.log"
        with log.open("w") as output:
            ended = subprocess.run(
                ["ansible-playbook", f"{name}.yml", *arguments],
                cwd=self.out / "ansible",
                env=self.variables,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            )
        text = log.read_text()
        if ended.returncode != 0:
            found = re.findall(r"^(?:fatal|ERROR|failed).*", text, re.MULTILINE)
            raise Missed(f"{name}.yml: {(found or [text[-300:]])[0][:600]} (all of it: {log})")
        return sum(map(int, re.findall(r"changed=(\d+)", text)))

    def machines_sh(self, *arguments):
        return run("bash", self.out / "terraform/machines.sh", *arguments)

    @property
    def name(self):
        return f"shop-{self.environment}"

    def on(self, machine, command):
        return self.machines_sh("enter", self.name, machine, "bash", "-c", command)

    def machines(self, role=None):
        """Returns the addresses of the machines of a role, or of all, by name."""
        machines = json.loads(self.terraform("output", "-json", "machines"))
        return {
            name: machine["address"] for name, machine in machines.items() if role is None or role in machine["roles"]
        }

    def site(self):
        """Returns the address visitors come to."""
        shared = json.loads(self.terraform("output", "-json", "network"))["shared_address"]
        return shared or next(iter(self.machines("load_balancer").values()))

    def inside(self, *command):
        """A command in the machines' network."""
        return ["nsenter", f"--net=/run/netns/{self.name}", *command]

    def visit(self, path, *arguments):
        """Returns the status and the body of an answer to a visitor."""
        command = ["curl", "--silent", "--insecure", "--max-time", "10", "--write-out", "\n%{http_code}"]
        said = run(*self.inside(*command, *arguments, f"https://{self.site()}{path}"))
        body, _, status = said.rpartition("\n")
        return int(status), body.strip()

    def body(self, path, *arguments):
        status, body = self.visit(path, *arguments)
        demand(status == 200, f"{path} is answered with {status}")
        return body


class Receivers:
    """Stand-ins for those who are told of alerts, on the last address of the machines' network."""

    MAIL = "mail.example.com"
    SLACK = "hooks.slack.com"
    PAGERDUTY = "events.pagerduty.com"
    NAMES = (MAIL, SLACK, PAGERDUTY)
    TO = "operations@example.com"

    def __init__(self, platform):
        self.folder = platform.folder / "receivers"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        certificate, key, self.memory = (self.folder / name for name in ("certificate.pem", "key.pem", "memory"))
        self.memory.touch()
        names = ",".join(f"DNS:{name}" for name in self.NAMES)
        curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
        subject = ["-subj", "/CN=stand-ins", "-addext", f"subjectAltName={names}"]
        run("openssl", "req", "-x509", *curve, *subject, "-keyout", key, "-out", certificate)
        bridge = run(*platform.inside("ip", "-4", "-oneline", "address", "show", "br0"))
        address = re.search(r"inet ([\d.]+)", bridge)[1]
        # Alertmanager reads what it trusts when it starts.
        monitoring = next(iter(platform.machines("monitoring")))
        platform.on(
            monitoring,
            f"printf '%s' '{certificate.read_text()}' >/usr/local/share/ca-certificates/stand-ins.crt\n"
            f"update-ca-certificates 2>/dev/null\necho '{address} {' '.join(self.NAMES)}' >>/etc/hosts\n"
            "systemctl restart prometheus-alertmanager",
        )
        command = [sys.executable, str(HERE / "receivers.py"), address, certificate, key, self.memory]
        self.process = subprocess.Popen(platform.inside(*command), text=True, stdout=subprocess.PIPE)
        self.process.stdout.readline()

    def told(self, name, word):
        """Whether somebody was told something with this word."""
        memory = map(json.loads, self.memory.read_text().splitlines())
        return any(name in said["name"] and word in said["text"] for said in memory)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


class Load:
    """Visitors, while something happens."""

    VISITORS = 4

    def __init__(self, platform):
        self.platform = platform
        command = platform.inside(sys.executable, str(HERE / "load.py"), platform.site(), str(self.VISITORS))
        self.process = subprocess.Popen(command, text=True, stdout=subprocess.PIPE)
        self.process.stdout.readline()

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        said, _ = self.process.communicate(timeout=60)
        result = json.loads(said)
        kept = set(self.platform.body("/orders").split())
        result["lost"] = len(set(result.pop("acknowledged")) - kept)
        return result


class Table:
    """What was checked, with figures."""

    def __init__(self):
        self.rows = []

    @contextlib.contextmanager
    def check(self, what, vital=False):
        """A check adds its figures to the list it is given; nothing goes on after a vital one is missed."""
        figures = []
        result = "broken off"
        started = time.monotonic()
        print(f"… {what}", file=sys.stderr, flush=True)
        try:
            yield figures
            result = "ok"
        except Missed as missed:
            figures.append(str(missed))
            result = "MISSED"
            if vital:
                raise
        finally:
            self.rows.append((what, result, f"{time.monotonic() - started:.0f} s", "; ".join(figures)))
            print(f"  {result} {self.rows[-1][2]}  {self.rows[-1][3]}", file=sys.stderr, flush=True)

    def whole(self):
        return all(result == "ok" for _, result, _, _ in self.rows)

    def print(self):
        print("| what | result | took | figures |\n| --- | --- | --- | --- |")
        for row in self.rows:
            print("| " + " | ".join(word.replace("|", "\\|") for word in row) + " |")


def report(result, figures, failures=None, gap=None):
    failed = sum(result["failures"].values())
    figures.append(
        f"{result['requests']} requests, {failed} failures {result['failures'] or ''}, longest gap "
        f"{result['gap']['read']} s of reads and {result['gap']['write']} s of writes, {result['lost']} writes lost"
    )
    demand(result["lost"] == 0, "acknowledged writes are lost")
    demand(failures is None or failed <= failures, f"more than {failures} requests failed")
    demand(gap is None or result["gap"]["write"] <= gap, f"writes stood still for more than {gap} s")
