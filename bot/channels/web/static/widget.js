// Puts a chat button on any page: <script src="https://…/widget.js" defer></script>
// The chat itself is a frame of its own origin; this page can read nothing of it.
"use strict";
(() => {
  const setup = "SETUP";
  const { words } = setup;
  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  const style = (node, rules) => Object.assign(node.style, rules);
  const button = document.createElement("button");
  const panel = document.createElement("div");
  let frame = null;

  style(host, { position: "fixed", zIndex: "2147483000", insetInlineEnd: "1rem", bottom: "1rem" });
  style(button, {
    font: "600 17px/1.2 system-ui, sans-serif", minHeight: "52px", padding: "0 22px", borderRadius: "26px", cursor: "pointer",
    border: "2px solid #20243a", background: "#f0b455", color: "#2c1d04", boxShadow: "0 2px 10px rgb(0 0 0 / .25)",
  });
  style(panel, { display: "none", position: "fixed", overflow: "hidden", background: "#12141d" });
  button.type = "button";
  const narrow = matchMedia("(max-width: 480px), (max-height: 480px)");
  const fit = () => style(panel, narrow.matches
    ? { inset: "0", width: "auto", height: "auto", borderRadius: "0", border: "0" }
    : { inset: "auto 1rem 84px auto", width: "min(25rem, calc(100vw - 2rem))", height: "min(40rem, calc(100vh - 6.5rem))",
        borderRadius: "20px", border: "1px solid #767d96", boxShadow: "0 8px 30px rgb(0 0 0 / .3)" });
  narrow.addEventListener("change", fit);

  const load = () => {
    frame = document.createElement("iframe");
    Object.assign(frame, { src: setup.frame, title: words.widget_title, referrerPolicy: "no-referrer" });
    style(frame, { width: "100%", height: "100%", border: "0", display: "block", colorScheme: "light dark" });
    panel.append(frame);
  };
  const show = (isOpen) => {
    if (isOpen && !frame) load();
    panel.style.display = isOpen ? "block" : "none";
    button.textContent = isOpen ? words.widget_close : words.widget_open;
    button.setAttribute("aria-expanded", String(isOpen));
    (isOpen ? frame : button).focus();
  };
  button.addEventListener("click", () => show(panel.style.display === "none"));
  addEventListener("message", (event) => {
    if (!frame || event.source !== frame.contentWindow || event.origin !== setup.origin) return;
    if (event.data.nightlight === "close") show(false);
    if (event.data.nightlight === "leave") { document.documentElement.hidden = true; location.replace(setup.exit); }
  });

  fit();
  button.textContent = words.widget_open;
  button.setAttribute("aria-expanded", "false");
  root.append(panel, button);
  const start = () => {
    document.body.append(host);
    document.documentElement.style.scrollPaddingBottom = "84px"; // so that the button never hides what has the focus
  };
  if (document.body) start(); else addEventListener("DOMContentLoaded", start);
})();
