"""A program in the place of systemctl, for machines on which nobody can start a user manager.

It shows what connectd asks for and in which order, and that failures are undone; what systemd makes
of the units is shown by a real one alone (user_manager.py).
"""

from pathlib import Path

# It notes in files which units are enabled, and in which state they are. A unit whose text has the
# word REFUSED does not start.
_PROGRAM = """#!/bin/sh
set -e
notes=$(dirname "$0")/notes units=$HOME/.config/systemd/user
mkdir -p "$notes"
for name; do :; done
case " $* " in
*" show --property=Version "*) echo Version=252 ;;
*" show "*)
  if [ -e "$units/$name" ]; then echo LoadState=loaded; else echo LoadState=not-found; fi
  if [ -e "$notes/$name.enabled" ]; then echo UnitFileState=enabled; fi
  cat "$notes/$name.state" 2>/dev/null || echo ActiveState=inactive
  ;;
*" daemon-reload "*) ;;
*" enable "*) touch "$notes/$name.enabled" ;;
*" disable --now "*) rm -f "$notes/$name.enabled" "$notes/$name.state" ;;
*" reset-failed "*) ;;
*" reload "*) ;;
*" restart "*)
  if grep -q REFUSED "$units/$name"; then
    printf 'ActiveState=failed\\nResult=exit-code\\nExecMainStatus=3\\n' >"$notes/$name.state"
    exit 1
  fi
  echo ActiveState=active >"$notes/$name.state"
  ;;
*) echo "nobody expected: $*" >&2; exit 1 ;;
esac
"""


def stand_in_systemctl(folder: Path) -> Path:
    """Put it into a folder, as `systemctl`."""
    program = folder / "systemctl"
    program.write_text(_PROGRAM)
    program.chmod(0o755)
    return program
