// Helps those whose browser runs scripts: what is typed after the last keep stays in this browser, and is offered back.
// The form works without it. Nothing is sent anywhere.
"use strict";
(() => {
  const form = document.getElementById("talk");
  if (!form) return;
  const place = `opmm-talk/${form.dataset.key}`;
  const longest = 12 * 3600 * 1000;
  const told = form.dataset.told ? form.dataset.told.split(" ").map(decodeURIComponent) : [];
  let dirty = false;
  let leaving = false;

  const filled = () => {
    const fields = {};
    for (const [name, value] of new FormData(form)) if (name !== "version") fields[name] = value;
    return fields;
  };
  const store = (sent) => {
    try {
      const said = { at: Date.now(), version: form.dataset.version, sent, fields: filled() };
      localStorage.setItem(place, JSON.stringify(said));
    } catch { /* no room, or not allowed: then the warning is all there is */ }
  };
  const forget = (name) => { try { localStorage.removeItem(name); } catch { /* not allowed */ } };
  const read = (name) => { try { return JSON.parse(localStorage.getItem(name)); } catch { return null; } };
  const controls = () => [...form.elements].filter((control) => control.name && control.tagName !== "BUTTON");
  // What the server drew: ids that it draws anew each time say nothing.
  const same = (fields, others) => {
    const names = new Set([...Object.keys(fields), ...Object.keys(others)]);
    for (const name of names) {
      if (/^(talk_id|known|about|rows|next_id|a\d\.id)$/.test(name)) continue;
      if ((fields[name] || "") !== (others[name] || "")) return false;
    }
    return true;
  };
  const arrived = (said) => {
    if (!said.sent) return false;
    if (said.version !== form.dataset.version) return true;
    const now = filled();
    return now.about ? said.fields.known !== now.known : told.includes(said.fields.talk_id);
  };
  const takeBack = (fields) => {
    for (const control of controls()) {
      if (control.type === "radio") control.checked = (fields[control.name] || "") === control.value;
      else if (control.type === "checkbox") control.checked = control.name in fields;
      else if (control.type !== "hidden" && control.name in fields) control.value = fields[control.name];
    }
    dirty = true;
    store(false);
  };

  const clean = () => {
    const names = Object.keys(localStorage).filter((name) => name.startsWith("opmm-talk/"));
    for (const name of names) {
      const said = read(name);
      if (!said || !(Date.now() - said.at < longest)) forget(name);
    }
  };
  try { clean(); } catch { /* not allowed */ }

  if ("unkept" in form.dataset) {
    dirty = true;
    store(false);
  }
  const said = read(place);
  if (said && said.fields) {
    const strip = document.getElementById("typed");
    if (arrived(said) || same(said.fields, filled())) forget(place);
    else {
      document.getElementById("typed-at").textContent =
        new Date(said.at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
      strip.hidden = false;
      document.getElementById("take-back").addEventListener("click", () => { takeBack(said.fields); strip.hidden = true; });
      document.getElementById("throw-away").addEventListener("click", () => { forget(place); strip.hidden = true; });
    }
  }

  form.addEventListener("input", (event) => {
    dirty = true;
    // What is typed of a question is said of it: nobody has to say so twice.
    const match = /^(q\.[a-z0-9_]+)\.(working|happy|other|name\.\d+)$/.exec(event.target.name || "");
    if (match) {
      const choice = form.querySelector(`input[type=radio][name="${match[1]}"][value="told"]`);
      if (choice) choice.checked = true;
    }
    store(false);
  });
  form.addEventListener("submit", () => {
    leaving = true;
    if (dirty) store(true);
  });
  window.addEventListener("pageshow", () => { leaving = false; });
  window.addEventListener("beforeunload", (event) => { if (dirty && !leaving) event.preventDefault(); });
})();
