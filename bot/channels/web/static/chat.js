// The chat page, made livelier: sending without loading the page, answers as they come, nothing lost on a bad line.
// Without this script the same page works as plain forms. Every word shown comes from the page itself.
"use strict";
(() => {
  const get = (id) => document.getElementById(id);
  const setup = JSON.parse(get("setup").textContent);
  const { base, exit } = document.body.dataset;
  const [log, lines, box, state, typing, alarm] = ["log", "lines", "text", "state", "typing", "alarm"].map(get);
  const framed = base !== "";
  const headers = { "content-type": "application/json", ...(framed && { "x-nightlight-frame": "1" }) };
  const THREE_HOURS = 3 * 60 * 60 * 1000;

  // ---- The number to call ----
  let country = setup.country;
  const filled = () => Object.fromEntries(Object.entries(setup.words).map(([key, text]) =>
    [key, text.replaceAll("{emergency}", country.emergency).replaceAll("{dial}", country.dial || country.emergency)]));
  let words = filled();
  const callable = (link, text, label) => {
    link.textContent = text;
    if (country.dial) link.href = `tel:${country.dial}`; else link.removeAttribute("href");
    if (country.dial && label) link.setAttribute("aria-label", label); else link.removeAttribute("aria-label");
  };
  // True when another number stands on the page now.
  const moveTo = (now) => {
    const [before, old] = [country, words];
    country = now;
    words = filled();
    for (const node of [state, get("region-said")]) {
      const key = node && Object.keys(old).find((name) => old[name] === node.textContent);
      if (key && node.textContent !== words[key]) node.textContent = words[key];
    }
    callable(get("call"), words.call, words.call_label);
    callable(get("danger"), words.intro_number);
    if (get("country")) get("country").value = now.region;
    return before.emergency !== now.emergency;
  };

  // ---- Drawing ----
  const make = (tag, className, text) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text) node.textContent = text;
    return node;
  };
  const localTime = (node) => {
    const at = new Date(node.dateTime);
    const day = at.toDateString() === new Date().toDateString() ? {} : { day: "numeric", month: "short" };
    node.textContent = at.toLocaleString([], { ...day, hour: "numeric", minute: "2-digit" });
    return node;
  };
  const stamp = (iso) => {
    const node = make("time");
    node.dateTime = iso;
    return localTime(node);
  };
  const piece = (part) => {
    let node = document.createTextNode(part.text);
    if (part.bold) (node = make("strong")).textContent = part.text;
    if (!part.href) return node;
    const link = make("a");
    link.href = part.href;
    if (part.href.startsWith("https:")) Object.assign(link, { target: "_blank", rel: "noopener noreferrer" });
    link.append(node);
    return link;
  };
  const atEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < 140;
  let firstUnread = null;
  // Down to the last line, but never past the beginning of what is new.
  const scrollTo = (first) => {
    const last = lines.lastElementChild;
    const fits = last.getBoundingClientRect().bottom - first.getBoundingClientRect().top < log.clientHeight - 32;
    if (fits) last.scrollIntoView({ block: "end" });
    else first.scrollIntoView({ block: "start" });
  };
  const show = (node, follow) => {
    firstUnread = firstUnread && firstUnread.isConnected ? firstUnread : node;
    lines.append(node);
    if (follow) scrollTo(firstUnread);
  };

  let reminded = Date.parse(log.dataset.reminded);
  const remind = () => {
    if (Date.now() - reminded < THREE_HOURS) return;
    reminded = Date.now();
    show(make("p", "reminder", words.reminder), atEnd());
  };

  const mine = (text) => {
    remind();
    const node = make("div", "line mine fresh");
    const meta = make("p", "meta");
    meta.append(stamp(new Date().toISOString()));
    node.append(make("p", "who", words.you), make("p", "words", text), meta);
    firstUnread = null;
    get("starters")?.remove();
    lines.append(node);
    scrollTo(node);
    return node;
  };

  let lastId = Number(log.dataset.last);
  const seen = new Set([...lines.querySelectorAll("[data-id]")].map((node) => node.dataset.id));
  const told = (reply, key = String(reply.id)) => {
    if (seen.has(key)) return;
    seen.add(key);
    lastId = Math.max(lastId, reply.id);
    const follow = atEnd() || reply.kind === "urgent";
    remind();
    const turn = reply.in_reply_to === null ? "" : String(reply.in_reply_to);
    closeChoices(turn);
    const node = make("div", `line told fresh ${reply.kind}`);
    Object.assign(node.dataset, { id: reply.id, turn });
    node.append(make("p", "who", words.bot));
    if (reply.kind === "urgent") node.append(make("p", "flag", words.urgent_label));
    const text = make("p", "words");
    text.append(...reply.pieces.map(piece));
    node.append(text);
    const meta = make("p", "meta");
    if (reply.source) meta.append(make("span", "source", reply.source), " ");
    meta.append(stamp(reply.at));
    node.append(meta);
    if (reply.choices.length) node.append(choices(reply.choices));
    show(node, follow);
    if (reply.kind === "urgent") alarm.textContent = reply.text.replaceAll("**", "");
    else setTyping(false);
    tellSeen();
  };
  const choices = (offered) => {
    const form = make("form", "choices");
    const group = make("div");
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", words.choices);
    group.append(...offered.map(({ id, title }) => Object.assign(make("button", "", title), { name: "choice", value: id })));
    form.append(group);
    return form;
  };
  const closeForm = (form, picked) => {
    for (const button of form.querySelectorAll("button")) {
      button.disabled = false; // a disabled button loses focus and cannot be read by keyboard
      button.setAttribute("aria-disabled", "true");
      if (button === picked) {
        button.classList.add("picked");
        button.setAttribute("aria-label", `${button.textContent}, ${words.picked}`);
      }
    }
  };
  const closeChoices = (turn) => {
    for (const form of lines.querySelectorAll(".choices")) if (form.parentNode.dataset.turn !== turn) closeForm(form);
  };

  // ---- What is going on ----
  let typingTimer = 0;
  const setTyping = (on) => {
    clearTimeout(typingTimer);
    if (on) typingTimer = setTimeout(setTyping, 60000, false); // never promise an answer for ever
    typing.classList.toggle("on", on);
    typing.querySelector(".label").textContent = on ? words.typing : "";
    if (on && atEnd()) lines.lastElementChild.scrollIntoView({ block: "end" });
  };
  let isLost = false;
  const say = (text) => { state.textContent = text; };
  const lost = () => {
    isLost = true;
    setTyping(false);
    say(words.lost);
  };
  const found = () => {
    if (!isLost) return;
    isLost = false;
    say(words.back);
    setTimeout(() => state.textContent === words.back && say(""), 4000);
  };

  // ---- Sending: one at a time, in order, again and again under the same id until it is kept ----
  const queue = [];
  let isSending = false;
  let wake = () => {};
  const newId = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const pause = (ms) => new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    wake = () => { clearTimeout(timer); resolve(); };
  });
  const post = async (path, body) => {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), 15000);
    try {
      const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body), signal: stop.signal });
      return { status: answer.status, wait: Number(answer.headers.get("retry-after")), body: answer.status === 204 ? {} : await answer.json() };
    } finally {
      clearTimeout(timer);
    }
  };
  const send = (message, text) => {
    queue.push({ message: { client_id: newId(), ...message }, node: mine(text), text });
    pump();
  };
  const pump = async () => {
    if (isSending) return;
    isSending = true;
    for (let tries = 0; queue.length; ) {
      const wait = await attempt(queue[0], tries);
      if (wait) tries += 1;
      else { queue.shift(); tries = 0; }
      if (wait) await pause(wait);
    }
    isSending = false;
  };
  // Milliseconds until this message must be tried again, 0 when it is settled.
  const attempt = async (item, tries) => {
    const again = Math.min(1000 * 2 ** tries, 15000);
    let answer;
    try {
      answer = await post("/api/chat/messages", item.message);
    } catch {
      fate(item, words.unsent);
      lost();
      return again;
    }
    const { status, body } = answer;
    for (const reply of body.replies || []) told(reply, reply.id < 0 ? `${item.message.client_id} ${reply.text}` : undefined);
    if (body.kept_in) return settled(item, answer);
    if (status >= 500) {
      fate(item, words.unsent);
      say(body.error || words.failed);
      return Math.max(again, 1000 * (answer.wait || 0));
    }
    return refused(item, body.error || words.failed);
  };
  const settled = (item, { status, wait, body }) => {
    fate(item, "");
    found();
    if (status === 429) {
      say(words.slow_down);
      holdUntil = Date.now() + 1000 * wait;
    } else say(body.kept_in === "spool" ? words.kept_in_spool : isLost ? words.lost : [words.back, words.region_told].includes(state.textContent) ? state.textContent : "");
    if (body.new_session) listen();
    if (body.kept_in === "inbox" && !body.repeated && status === 202) setTyping(!seenAnswerTo(body.id));
    return 0;
  };
  let holdUntil = 0;
  const seenAnswerTo = (id) => [...lines.querySelectorAll(".told:not(.urgent)")].some((node) => node.dataset.turn === String(id));
  const refused = (item, why) => {
    fate(item, words.refused);
    say(why);
    if (!box.value && item.message.text) { box.value = item.message.text; grow(); }
    return 0;
  };
  const fate = (item, text) => {
    item.node.querySelector(".fate")?.remove();
    if (text) item.node.querySelector(".meta").prepend(make("span", "fate", text));
  };

  // ---- Listening ----
  let source = null;
  let graceTimer = 0;
  let retries = 0;
  const listen = () => {
    source?.close();
    source = new EventSource(`/api/chat/events?after=${lastId}`);
    source.onopen = () => { clearTimeout(graceTimer); graceTimer = 0; retries = 0; found(); wake(); };
    source.addEventListener("message", (event) => told(JSON.parse(event.data)));
    source.addEventListener("region", (event) => { if (moveTo(JSON.parse(event.data))) say(words.region_told); });
    source.addEventListener("typing", (event) => setTyping(JSON.parse(event.data).on));
    source.onerror = () => {
      graceTimer ||= setTimeout(lost, 3500); // streams end now and then by design; only a longer gap is worth words
      if (source.readyState !== EventSource.CLOSED) return;
      setTimeout(reopen, Math.min(1000 * 2 ** retries++, 15000));
    };
  };
  const reopen = async () => {
    try {
      const answer = await fetch("/api/chat/history?limit=1");
      if (answer.status === 401) return noCookies();
    } catch { /* still away; the stream tells */ }
    listen();
  };
  const noCookies = () => {
    clearTimeout(graceTimer);
    say(words.no_cookies);
    get("alone").hidden = !framed;
  };
  let seenTimer = 0;
  const tellSeen = () => {
    if (document.hidden || lastId <= 0) return;
    clearTimeout(seenTimer);
    seenTimer = setTimeout(() => post("/api/chat/seen", { up_to: lastId }).catch(() => {}), 400);
  };

  // ---- Writing ----
  const grow = () => {
    if (CSS.supports("field-sizing", "content")) return;
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight + 3}px`;
  };
  const submit = () => {
    const text = box.value;
    if (!text.trim()) { say(words.empty); box.focus(); return; }
    box.value = "";
    grow();
    if (state.textContent === words.empty) say("");
    send({ text }, text);
  };
  box.addEventListener("input", grow);
  box.addEventListener("keydown", (event) => {
    const isSend = event.key === "Enter" && !event.shiftKey && !event.isComposing && matchMedia("(pointer: fine)").matches;
    if (isSend) { event.preventDefault(); submit(); }
  });
  get("composer").addEventListener("submit", (event) => { event.preventDefault(); submit(); box.focus(); });
  lines.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = event.submitter;
    if (!button || button.getAttribute("aria-disabled")) return;
    if (button.name === "text") { send({ text: button.value }, button.value); box.focus(); return; }
    closeForm(event.target, button);
    send({ choice: button.value }, button.textContent);
  });

  // ---- Leaving fast ----
  let isLeaving = false;
  const leave = () => {
    isLeaving = true;
    source?.close();
    lines.textContent = "";
    box.value = "";
    document.documentElement.hidden = true;
    if (!framed || window.top === window) return location.replace(exit);
    parent.postMessage({ nightlight: "leave" }, "*");
    try { window.top.location.replace(exit); } catch { location.replace("about:blank"); }
  };
  get("leave").addEventListener("click", (event) => { event.preventDefault(); leave(); });
  let shifts = [];
  addEventListener("keydown", (event) => {
    if (event.key !== "Shift" || event.repeat) { if (event.key !== "Shift") shifts = []; return; }
    shifts = [...shifts, Date.now()].filter((at) => Date.now() - at < 3000);
    if (shifts.length === 3) leave();
  });
  addEventListener("beforeunload", (event) => { if (queue.length && !isLeaving) event.preventDefault(); });

  // ---- About, country, erasing ----
  const about = get("about");
  const aboutLink = get("about-link");
  const openAbout = (isOpen) => {
    about.classList.toggle("open", isOpen);
    aboutLink.setAttribute("aria-expanded", String(isOpen));
    (isOpen ? get("about-title") : aboutLink).focus();
    if (!isOpen) log.scrollTop = log.scrollHeight;
  };
  aboutLink.removeAttribute("target");
  aboutLink.setAttribute("role", "button");
  aboutLink.setAttribute("aria-expanded", "false");
  aboutLink.setAttribute("aria-controls", "about");
  aboutLink.addEventListener("click", (event) => { event.preventDefault(); openAbout(!about.classList.contains("open")); });
  aboutLink.addEventListener("keydown", (event) => { if (event.key === " ") { event.preventDefault(); aboutLink.click(); } });
  get("about-close").addEventListener("click", () => openAbout(false));
  document.querySelector(".skip").addEventListener("click", (event) => { event.preventDefault(); openAboutIfNeeded(); box.focus(); });
  const openAboutIfNeeded = () => { if (about.classList.contains("open")) openAbout(false); };
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    if (about.classList.contains("open")) openAbout(false);
    else if (framed) parent.postMessage({ nightlight: "close" }, "*");
  });

  get("region")?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = get("region-said");
    try {
      const { status, body } = await post("/api/chat/region", { region: get("country").value });
      if (status === 200) moveTo(body);
      said.textContent = status === 200 ? words.region_set : body.error;
    } catch {
      said.textContent = words.failed;
    }
  });
  get("erase").addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const { status } = await post("/api/chat/erase", {});
      if (status !== 200) throw new Error();
      isLeaving = true;
      location.replace(`${base || "/"}?note=erased`);
    } catch {
      openAboutIfNeeded();
      say(words.failed);
    }
  });

  // ---- Begin ----
  if (framed && window.parent !== window) {
    const close = get("close-frame");
    close.hidden = false;
    close.addEventListener("click", () => parent.postMessage({ nightlight: "close" }, "*"));
  }
  get("later")?.remove();
  for (const time of lines.querySelectorAll("time")) localTime(time);
  for (const form of lines.querySelectorAll(".choices")) if (form.querySelector(":disabled")) closeForm(form);
  if (location.search) history.replaceState(null, "", location.pathname);
  log.scrollTop = lines.querySelector(".line") ? log.scrollHeight : 0;
  addEventListener("offline", lost);
  addEventListener("online", () => { wake(); listen(); });
  document.addEventListener("visibilitychange", () => { wake(); tellSeen(); });
  setInterval(() => lines.querySelector(".line") && remind(), 60000);
  grow();
  listen();
  tellSeen();
})();
