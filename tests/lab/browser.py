#!/usr/bin/env python3
"""Looks at the dashboard in a browser, as a person would.

    browser.py ADDRESS TEXT FOLDER

Reads the password from standard input, opens every view in headless Chromium, looks for a text among
the logs and the errors, and leaves a picture of each view in a folder. Prints a line of JSON: the
words of each view, how many charts are drawn, its problems, and what the browser complained about.
"""

import base64
import contextlib
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

PORT = 9515
PATIENCE = 60
OPTIONS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,1600",
]


def ask(path, method="POST", **values):
    """Speaks to the browser: WebDriver, https://www.w3.org/TR/webdriver2/."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{PORT}{path}",
        method=method,
        data=json.dumps(values).encode() if method == "POST" else None,
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return json.load(answer)["value"]


def wait_until(what, condition):
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            if found := condition():
                return found
        time.sleep(0.2)
    sys.exit(f"waited {PATIENCE} s in vain: {what}")


class Browser:
    def __init__(self, profile):
        options = {"args": [*OPTIONS, f"--user-data-dir={profile}"]}
        wanted = {
            "browserName": "chrome",
            "acceptInsecureCerts": True,
            "goog:chromeOptions": options,
            "goog:loggingPrefs": {"browser": "SEVERE"},
        }
        session = ask("/session", capabilities={"alwaysMatch": wanted})["sessionId"]
        self.path = f"/session/{session}"

    def sign_in(self, user, password):
        """Sends a name and a password with every request from now on."""
        basic = base64.b64encode(f"{user}:{password}".encode()).decode()
        self.command("Network.enable")
        self.command("Network.setExtraHTTPHeaders", headers={"Authorization": f"Basic {basic}"})

    def command(self, name, **values):
        """Speaks Chromium's own protocol."""
        ask(f"{self.path}/goog/cdp/execute", cmd=name, params=values)

    def open(self, address):
        ask(f"{self.path}/url", url=address)

    def run(self, script, *arguments):
        return ask(f"{self.path}/execute/sync", script=script, args=arguments)

    def words(self):
        return self.run("return document.querySelector('main')?.innerText ?? ''")

    def charts(self):
        """How many charts are drawn; those without data are not."""
        return self.run("return document.querySelectorAll('main figure svg').length")

    def problems(self):
        return self.run("return document.getElementById('problems').innerText")

    def type(self, selector, text):
        found = ask(f"{self.path}/element", using="css selector", value=selector)
        ask(f"{self.path}/element/{next(iter(found.values()))}/value", text=text)

    def picture(self, file):
        file.write_bytes(base64.b64decode(ask(f"{self.path}/screenshot", "GET")))

    def complaints(self):
        return [entry["message"] for entry in ask(f"{self.path}/se/log", type="browser")]

    def close(self):
        ask(self.path, "DELETE")


def look(browser, address, password, text, folder):
    browser.sign_in("admin", password)
    seen = {}
    for view in ["overview", "metrics", "alerts", "logs", "errors", "runbook"]:
        browser.open(f"https://{address}:8443/#{view}")
        tab = "return document.querySelector('[aria-current=page]')?.id"
        wait_until(f"the view {view}", lambda view=view: browser.run(tab) == f"tab-{view}")
        wait_until(f"what is in {view}", lambda: browser.words() not in ("", "Loading…"))
        # The view is there before what it shows.
        if view == "metrics":
            wait_until(f"charts; {browser.problems()}", lambda: browser.charts() > 0)
        if view == "logs":
            browser.type("input[type=search]", text)
        if view in ("logs", "errors"):
            wait_until(f"{text} in {view}; {browser.problems()}", lambda: text in browser.words())
        seen[view] = {
            "words": browser.words(),
            "charts": browser.charts(),
            "problems": browser.problems(),
        }
        browser.picture(folder / f"dashboard-{view}.png")
    return seen | {"complaints": browser.complaints()}


def main(address, text, folder):
    password = sys.stdin.readline().strip()
    profile = tempfile.mkdtemp()
    driver = subprocess.Popen(["chromedriver", f"--port={PORT}"], stdout=subprocess.DEVNULL)
    try:
        wait_until("chromedriver is ready", lambda: ask("/status", "GET")["ready"])
        browser = Browser(profile)
        print(json.dumps(look(browser, address, password, text, pathlib.Path(folder))))
        browser.close()
    finally:
        driver.terminate()
        driver.wait()
        shutil.rmtree(profile, ignore_errors=True)


main(*sys.argv[1:])
