"""The profile of a Thunderbird that knows one identity, one mail server and no outside world."""

import json
from pathlib import Path

CLOSED_PORT = 9
IDENTITY = "id1"

Preferences = dict[str, str | int | bool]

NO_QUESTIONS_AT_THE_START: Preferences = {
    "app.donation.eoy.version.viewed": 999,
    "app.update.auto": False,
    "datareporting.healthreport.uploadEnabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "datareporting.policy.dataSubmissionPolicyBypassNotification": True,
    "extensions.update.enabled": False,
    "mail.provider.suppress_dialog_on_startup": True,
    "mail.rights.version": 1,
    "mail.shell.checkDefaultClient": False,
    "mail.spotlight.firstRunDone": True,
    "mailnews.start_page.enabled": False,
    "termsofuse.bypassNotification": True,
}

NOTHING_LEAVES_THIS_MACHINE: Preferences = {
    "network.manage-offline-status": False,
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": CLOSED_PORT,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": CLOSED_PORT,
    "network.proxy.no_proxies_on": "127.0.0.1",
}

CALENDAR: Preferences = {
    "calendar.alarms.show": False,
    "calendar.alarms.showmissed": False,
    "calendar.timezone.local": "Europe/Berlin",
    "calendar.timezone.useSystemTimezone": False,
    # "Do you really want to delete this event?", with buttons that are dead at first
    "calendar.item.promptDelete": False,
}

ACCOUNTS: Preferences = {
    "mail.accountmanager.accounts": "account1,account2",
    "mail.accountmanager.defaultaccount": "account2",
    "mail.accountmanager.localfoldersserver": "server1",
    "mail.account.account1.server": "server1",
    "mail.server.server1.type": "none",
    "mail.server.server1.hostname": "Local Folders",
    "mail.server.server1.name": "Local Folders",
    "mail.server.server1.userName": "nobody",
    "mail.account.account2.server": "server2",
    "mail.account.account2.identities": IDENTITY,
    "mail.server.server2.type": "pop3",
    "mail.server.server2.hostname": "127.0.0.1",
    "mail.server.server2.port": CLOSED_PORT,
    "mail.server.server2.userName": "alice",
    "mail.server.server2.name": "Alice",
    "mail.server.server2.check_new_mail": False,
    "mail.server.server2.login_at_startup": False,
    f"mail.identity.{IDENTITY}.fullName": "Alice Example",
    f"mail.identity.{IDENTITY}.useremail": "alice@example.test",
    f"mail.identity.{IDENTITY}.valid": True,
    f"mail.identity.{IDENTITY}.smtpServer": "smtp1",
    f"mail.identity.{IDENTITY}.fcc": False,
    "mail.smtpservers": "smtp1",
    "mail.smtp.defaultserver": "smtp1",
    "mail.smtpserver.smtp1.hostname": "127.0.0.1",
    "mail.smtpserver.smtp1.authMethod": 1,
    "mail.smtpserver.smtp1.try_ssl": 0,
}


def make_profile(folder: Path, smtp_port: int) -> None:
    """Write the preferences; the remote control chooses its port when Thunderbird starts."""
    preferences = {
        **NO_QUESTIONS_AT_THE_START,
        **NOTHING_LEAVES_THIS_MACHINE,
        **CALENDAR,
        **ACCOUNTS,
        "mail.smtpserver.smtp1.port": smtp_port,
        "marionette.port": 0,
    }
    folder.mkdir()
    lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});" for k, v in preferences.items()]
    (folder / "user.js").write_text("\n".join(lines))


def control_port(folder: Path) -> int | None:
    """Return the port of the remote control, once there is one."""
    try:
        return int((folder / "MarionetteActivePort").read_text())
    except (FileNotFoundError, ValueError):
        return None
