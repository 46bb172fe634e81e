"""A program that takes mail as sendmail does, and a folder in which it keeps each one."""

from servers.daemon_home import DaemonHome

PROGRAM = """\
#!/bin/sh
file=$(mktemp "{folder}/$(date +%s%N).XXXXXX") || exit 1
cat >"$file" && mv "$file" "$file.mail"
"""


class MailFolder:
    """Each mail is a file, named by its time so that their order is kept."""

    def __init__(self, home: DaemonHome) -> None:
        self._folder = home.folder("mail")
        self.program = home.write("mailer", PROGRAM.format(folder=self._folder), program=True)

    def texts(self) -> list[str]:
        """What the program was given, oldest first."""
        return [path.read_text().rstrip("\n") for path in sorted(self._folder.glob("*.mail"))]
