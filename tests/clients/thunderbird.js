/*
 * What a user does in Thunderbird's windows. It runs inside Thunderbird, sent there through its
 * remote control; each function waits for what it needs, and gives up after half a minute.
 */

const { cal } = ChromeUtils.importESModule("resource:///modules/calendar/calUtils.sys.mjs");
const { MailServices } = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
const { setTimeout } = ChromeUtils.importESModule("resource://gre/modules/Timer.sys.mjs");

const LIMIT_MS = 30000;

async function until(what, condition) {
  const end = Date.now() + LIMIT_MS;
  for (;;) {
    const value = await condition();
    if (value) {
      return value;
    }
    if (Date.now() > end) {
      throw new Error(`waited ${LIMIT_MS} ms for ${what}`);
    }
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

const mainWindow = () => Services.wm.getMostRecentWindow("mail:3pane");
const dialog = part =>
  [...Services.wm.getEnumerator(null)].find(
    win => win.location.href.includes(part) && win.document.readyState == "complete"
  );
const shown = element => element && !element.disabled && element.getClientRects().length > 0;

/* A press may open a box, and no script of the remote control outlives that. */
const press = (win, action) => void win.setTimeout(action, 0);

const ready = () => until("the main window", () => mainWindow()?.document.readyState == "complete");

/* Be this user, who has these calendars and no others. */
async function login(origin, realm, username, password, email, urls) {
  for (const calendar of cal.manager.getCalendars()) {
    cal.manager.unregisterCalendar(calendar);
  }
  /* Earlier users' logins stay: what is still on its way for them would ask for a password. */
  const login = Cc["@mozilla.org/login-manager/loginInfo;1"].createInstance(Ci.nsILoginInfo);
  login.init(origin, null, realm, username, password, "", "");
  await Services.logins.addLoginAsync(login);
  MailServices.accounts.allIdentities[0].email = email;
  for (const url of urls) {
    await subscribe(url, username);
  }
}

/* Returns when there are events. Two requests that need the password at the same time would make
   Thunderbird believe that it is wrong: so there is one calendar after the other. */
async function subscribe(url, username) {
  const made = cal.manager.createCalendar("caldav", Services.io.newURI(url));
  made.name = url;
  made.setProperty("username", username);
  made.setProperty("cache.enabled", true);
  made.setProperty("calendar-main-in-composite", true);
  cal.manager.registerCalendar(made);
  const calendar = cal.manager.getCalendarById(made.id);
  calendar.setProperty("imip.identity.key", MailServices.accounts.allIdentities[0].key);
  const events = () => calendar.getItemsAsArray(Ci.calICalendar.ITEM_FILTER_ALL_ITEMS, 0, null, null);
  await until(`the events of ${url}`, async () => (await events()).length > 0);
}

async function stored(uid) {
  for (const calendar of cal.manager.getCalendars()) {
    const item = await calendar.getItem(uid);
    if (item) {
      return item;
    }
  }
  return null;
}

const arrived = uid => until(`the event ${uid}`, () => stored(uid));

/* Look at the server again, until the event has these words in it. */
async function refresh(uid, words) {
  cal.manager.getCalendars().forEach(calendar => calendar.refresh());
  await until(`${words} in the event ${uid}`, async () =>
    (await stored(uid))?.icalString.includes(words)
  );
}

/* Open an invitation and press a button of it: "accept" or "decline". */
async function answer(uid, button) {
  mainWindow().modifyEventWithDialog(await arrived(uid), true);
  const win = await until("the invitation's dialog", () => dialog("calendar-summary-dialog"));
  const element = await until(`the button ${button}`, () => {
    const found = win.document.getElementById(`${button}Button`);
    return shown(found) && found;
  });
  press(win, () => element.doCommand());
}

/* Open an event of one's own, choose Confirmed in its Status menu, and save. */
async function confirm(uid) {
  mainWindow().modifyEventWithDialog(await arrived(uid), false);
  const win = await until("the event's dialog", () => dialog("calendar-event-dialog"));
  const command = name => win.document.getElementById(name);
  const chosen = name => command(name)?.hasAttribute("checked");
  await until("the present status", () => chosen("cmd_status_tentative"));
  command("cmd_status_confirmed").doCommand();
  await until("the new status", () => chosen("cmd_status_confirmed"));
  press(win, () => command("cmd_accept").doCommand());
}

/* Select the event in the week that it is in, and press Delete. */
async function remove(uid) {
  const win = mainWindow();
  const item = await arrived(uid);
  win.document.getElementById("calendarButton").click();
  await until("the calendar", () => shown(win.document.getElementById("calendar-view-box")));
  win.switchToView("week");
  win.goToDate(item.startDate);
  const view = win.currentView();
  await until("the event in the week", () => {
    view.setSelectedItems([item]);
    return [...view.querySelectorAll("calendar-event-box")].some(
      box => box.mOccurrence?.id == uid && shown(box)
    );
  });
  press(win, () => win.deleteSelectedEvents());
}

/* Wait until everything that was opened has closed again. */
const closed = () =>
  until("dialogs to close", () => [...Services.wm.getEnumerator(null)].every(win => win == mainWindow()));
