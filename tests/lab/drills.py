"""Things go wrong while visitors come: what they notice is measured."""

import contextlib
import json
import re
import time

from lab import Load, Missed, demand, report, run, wait_until


def change(platform, table):
    """Day two: what precast announces is what happens, and visitors do not notice."""
    app = platform.machines("app")

    def fpm(machine):
        show = "systemctl show --property=MainPID,ActiveEnterTimestamp php8.2-fpm"
        reloads = "journalctl --unit=php8.2-fpm --grep='^Reloaded' --quiet --no-pager --output=cat | wc --lines"
        return platform.on(machine, show), int(platform.on(machine, reloads))

    with table.check("a change of configuration under load: less file cache, fewer cache connections") as figures:
        before = {machine: fpm(machine) for machine in app}
        announced = platform.render("performance.filesystem.cache_size=768M", "performance.cache.max_connections=900")
        demand("reloads php-fpm" in announced, "precast does not announce the reload of php-fpm")
        load = Load(platform)
        figures.append(f"{platform.playbook('cache')} and {platform.playbook('app')} changes")
        report(load.end(), figures, failures=0)
        for machine in app:
            state, reloads = fpm(machine)
            demand(state == before[machine][0], f"php-fpm on {machine} was not reloaded but restarted")
            demand(reloads == before[machine][1] + 1, f"php-fpm on {machine} was reloaded {reloads - before[machine][1]} times")
        figures.append("one reload of php-fpm on each machine, as announced")


def grow(platform, table):
    """Day two: two more machines, while visitors come."""
    with table.check("one more application machine and one more replica, under load") as figures:
        before = platform.machines()
        platform.settings += [
            f"scaling.app.servers={len(platform.machines('app')) + 1}",
            f"scaling.database.read_replicas={len(platform.machines('database'))}",
        ]
        announced = platform.render()
        load = Load(platform)
        made = re.search(r"Resources: .*", platform.terraform("apply", "-input=false", "-auto-approve"))[0]
        new = sorted(set(platform.machines()) - set(before))
        figures.append(f"{', '.join(new)}: {made}")
        demand(all(name in announced for name in new), f"precast does not announce {new}")
        changes = platform.playbook("site")
        report(load.end(), figures, failures=0)
        figures.append(f"{changes} changes")
        app, replica = new
        wait_until(f"{app} serves", 60, lambda: app in platform.body("/"))
        address = platform.machines("database")[replica]
        asked = f"curl --silent --fail --output /dev/null http://{address}:8008/replica"
        wait_until(f"{replica} is a replica", 60, lambda: platform.on(replica, asked) == "")


def refuse(platform, table):
    """Pushes what should be refused."""
    app = list(platform.machines("app"))
    services = "systemctl show --property=MainPID,ActiveEnterTimestamp,NRestarts php8.2-fpm nginx"
    reloads = "journalctl --unit=php8.2-fpm --unit=nginx --grep='^Reloaded' --quiet --no-pager --output=cat | wc --lines"

    def state():
        return {machine: (platform.on(machine, services), platform.on(machine, reloads)) for machine in app}

    def push(file, pattern, wrong, said):
        path = platform.out / file
        right = path.read_text()
        spoilt = re.sub(pattern, wrong, right, count=1, flags=re.MULTILINE)
        demand(spoilt != right, f"{file} has no {pattern}")
        path.write_text(spoilt)
        try:
            platform.playbook("app")
        except Missed:
            told = (platform.folder / "app.log").read_text()
            demand(said in told, f"{file} is refused without a word about {said}")
        else:
            raise Missed(f"{file} is not refused")
        finally:
            path.write_text(right)

    with table.check("a bad configuration is refused, and services stay as they were") as figures:
        before = state()
        load = Load(platform)
        push("application/settings.json", r'"DB_PORT": \d+', '"DB_PORT": "first"', "DB_PORT")
        push("php/fpm/app.conf", r"^pm\.max_children = .*", "pm.max_children = many", "max_children")
        push("nginx/sites/app.conf", r"^server {", "servers {", "servers")
        report(load.end(), figures, failures=0)
        demand(state() == before, "services were reloaded or restarted")
        platform.playbook("app")
        figures.append("a setting of the application, php-fpm's pool, nginx's site")


def fill(platform, machine, percent):
    """Fills the disk that services keep things on to so many percent."""
    size, used = map(int, platform.on(machine, "df --block-size=1 --output=size,used /var | tail --lines=1").split())
    missing = size * percent // 100 - used
    # Room is set aside, which writes nothing; a full disk takes no more of that before its last bytes are gone.
    last = 64 << 20
    platform.on(
        machine, f"fallocate --length {missing - last} /var/filling && head --bytes={last} /dev/zero >>/var/filling || true"
    )


def fill_disk(platform, table):
    machine = list(platform.machines("app"))[-1]
    with table.check(f"the disk of an application machine is full ({machine})") as figures:
        load = Load(platform)
        time.sleep(3)
        fill(platform, machine, 100)
        time.sleep(40)
        left = platform.on(machine, "df --output=avail /var | tail --lines=1").strip()
        platform.on(machine, "rm /var/filling")
        report(load.end(), figures, failures=0)
        demand(left == "0", f"the disk had {left} blocks left")
        failed = platform.on(machine, "systemctl --failed --no-legend --plain --no-pager").strip()
        demand(not failed, failed)


def break_things(platform, table):
    def lose(what, machine, whole, **limits):
        with table.check(f"{what} is lost ({machine})") as figures:
            load = Load(platform)
            time.sleep(3)
            platform.machines_sh("kill", platform.name, machine)
            # Long enough for every timer of the failover to run out.
            time.sleep(40)
            result = load.end()
            started = time.monotonic()
            platform.machines_sh("start", platform.name)
            wait_until(f"{machine} is back", 300, whole)
            figures.append(f"whole {time.monotonic() - started:.0f} s after its return began")
            report(result, figures, **limits)

    def answers():
        return platform.visit("/")[0] == 200

    def has_role(machine, role):
        address = platform.machines("database")[machine]
        asked = f"curl --silent --max-time 3 --output /dev/null --write-out '%{{http_code}}' http://{address}:8008/{role}"
        with contextlib.suppress(Missed):
            return platform.on(machine, asked) == "200"
        return False

    def primary():
        for machine in platform.machines("database"):
            if has_role(machine, "primary"):
                return machine
        raise Missed("no database machine says that it is the primary")

    def members_serve():
        for machine in platform.machines("database"):
            demand(has_role(machine, "primary") or has_role(machine, "replica"), f"{machine} serves nobody")
        return True

    def holder():
        site = platform.site()
        for machine in platform.machines("load_balancer"):
            with contextlib.suppress(Missed):
                if f" {site}/" in platform.on(machine, "ip -oneline address"):
                    return machine
        raise Missed("no load balancer has the shared address")

    def partition(machine):
        """The primary's cable is pulled: it must notice that it is alone."""
        cable = platform.inside("ip", "link", "set", f"vb-{machine}")
        with table.check(f"the primary of the database is cut off ({machine})") as figures:
            load = Load(platform)
            time.sleep(3)
            run(*cable, "down")
            both = 0
            ends = time.monotonic() + 60
            while time.monotonic() < ends:
                claims = [name for name in platform.machines("database") if has_role(name, "primary")]
                both += len(claims) > 1
                figure = f"{len(claims)} primary at the end"
            result = load.end()
            run(*cable, "up")
            took = wait_until(f"{machine} is back", 300, members_serve)
            figures.append(f"{figure}, two at {both} looks, whole {took:.0f} s after the cable was back")
            report(result, figures, gap=30)

    def lose_all():
        with table.check("every database member is lost at once") as figures:
            rows = platform.body("/orders")
            for machine in platform.machines("database"):
                platform.machines_sh("kill", platform.name, machine)
            platform.machines_sh("start", platform.name)
            started = time.monotonic()
            # PostgreSQL finds back by itself; others want to be told that nobody has newer data.
            if not by_itself():
                platform.playbook("recover_database", "--extra-vars", "recover_database_confirmed=true")
                figures.append("by recover_database.yml")
            wait_until("all members serve", 120, members_serve)
            # Each application machine finds the members by itself; visitors meet all of these in turn.
            turns = 2 * len(list(platform.machines("app")))
            wait_until(
                "the application answers on every machine",
                60,
                lambda: all(platform.visit("/orders")[0] == 200 for _ in range(turns)),
            )
            figures.append(f"{time.monotonic() - started:.0f} s")
            demand(platform.body("/orders") == rows, "other rows are there than before")
            figures.append(f"{len(rows.split())} rows as before")

    def by_itself():
        with contextlib.suppress(Missed):
            wait_until("members find together", 60, members_serve)
            return True
        return False

    in_flight = Load.VISITORS
    app = list(platform.machines("app"))
    lose("an application machine", app[-1], answers, failures=in_flight)
    lose("the load balancer that has the address", holder(), answers, failures=in_flight)
    lose("a cache machine", list(platform.machines("cache"))[0], answers, failures=in_flight)
    lose("a storage machine", list(platform.machines("storage"))[0], answers, failures=in_flight)
    lose("the primary of the database", primary(), members_serve, gap=30)
    partition(primary())
    lose_all()
