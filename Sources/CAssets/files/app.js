// Live updates, keys and local times. Without it every page can be read and every form works.
(() => {
  "use strict";
  const body = document.body;
  const live = document.getElementById("live");
  // Ages come counted on the cluster's clock, which need not be this machine's, and grow from then on.
  let rendered = Date.now();
  let lastUpdate = new Date();
  let position = body.dataset.seq;

  const two = (n) => String(n).padStart(2, "0");
  const clock = (d) => `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;
  const day = (d) => `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;
  const age = (s) => s < 1 ? "now" : s < 60 ? `${Math.floor(s)} s` : s < 3600 ? `${Math.floor(s / 60)} min`
    : s < 172800 ? `${Math.floor(s / 3600)} h` : `${Math.floor(s / 86400)} d`;

  function localise(root) {
    for (const t of root.querySelectorAll("time[datetime]")) {
      const d = new Date(t.dateTime);
      if (isNaN(d)) continue;
      const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "local";
      t.title = `${day(d)} ${clock(d)} ${zone} · ${t.dateTime.replace("T", " ").replace("Z", " UTC")}`;
      if (t.dataset.as === "age") t.textContent = age(Number(t.dataset.age) + (Date.now() - rendered) / 1000);
      else if (t.dataset.as === "date") t.textContent = `${day(d)} ${clock(d)}`;
      else t.textContent = clock(d);
    }
  }

  // Changes what differs and nothing else: focus, what was typed, and what was unfolded stay.
  function morph(from, to) {
    if (from.isEqualNode(to)) return;
    if (from.nodeType !== to.nodeType || from.nodeName !== to.nodeName || from.id !== to.id) {
      from.replaceWith(to);
      if (to.classList) to.classList.add("changed");
      return;
    }
    if (from.nodeType === Node.TEXT_NODE) {
      from.data = to.data;
      if (from.parentElement) {
        from.parentElement.classList.remove("changed");
        void from.parentElement.offsetWidth;
        from.parentElement.classList.add("changed");
      }
      return;
    }
    if (from.nodeType !== Node.ELEMENT_NODE) return;
    const state = from.nodeName === "DETAILS" ? ["open"] : [];
    for (const { name, value } of [...to.attributes]) if (!state.includes(name) && from.getAttribute(name) !== value) from.setAttribute(name, value);
    for (const { name } of [...from.attributes]) if (!state.includes(name) && !to.hasAttribute(name)) from.removeAttribute(name);
    if (["INPUT", "TEXTAREA", "SELECT"].includes(from.nodeName)) return;
    const news = [...to.childNodes];
    for (let i = 0; i < news.length; i++) {
      const old = from.childNodes[i];
      if (!old) { from.append(news[i]); if (news[i].classList) news[i].classList.add("changed"); }
      else morph(old, news[i]);
    }
    while (from.childNodes.length > news.length) from.lastChild.remove();
  }

  function show(state, text) { live.dataset.state = state; live.textContent = text; }

  let isFetching = false, isStale = false;
  async function refresh() {
    if (isFetching) { isStale = true; return; }
    isFetching = true;
    try {
      const url = new URL(location.href);
      url.searchParams.set("part", "page");
      const answer = await fetch(url, { headers: { Accept: "text/html" } });
      if (answer.status === 401) { ended(); return; }
      if (answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("page");
        if (page) { rendered = Date.now(); localise(page); const at = selected; morph(document.getElementById("page"), page); if (at >= 0) select(at); }
        lastUpdate = new Date();
      }
    } catch { /* the stream tells when the server is back */ }
    isFetching = false;
    if (isStale) { isStale = false; refresh(); }
  }

  let timer;
  function soon() { clearTimeout(timer); timer = setTimeout(refresh, 60); }
  function ended() { show("ended", "signed out: open a new link (martlet login)"); }

  function listen() {
    const stream = new EventSource("/events?after=" + position);
    let wasOpen = false;
    stream.onopen = () => { show("live", "live"); if (wasOpen) refresh(); wasOpen = true; lastUpdate = new Date(); };
    stream.onmessage = (event) => {
      position = event.lastEventId || position;
      lastUpdate = new Date();
      const hint = JSON.parse(event.data);
      const own = body.dataset.incident;
      if (!own || String(hint.incident) === own || hint.type.startsWith("control.")) soon();
    };
    stream.onerror = async () => {
      show("reconnecting", `reconnecting, last update ${clock(lastUpdate)}`);
      if (stream.readyState !== EventSource.CLOSED) return;
      try { if ((await fetch("/api/v1/status")).status === 401) { ended(); return; } } catch { /* not reachable yet */ }
      setTimeout(listen, 2000);
    };
  }

  // Keys
  let selected = -1;
  const rows = () => [...document.querySelectorAll("tr[data-href]")];
  function select(i) {
    const all = rows();
    if (!all.length) return;
    all.forEach((row) => row.classList.remove("at"));
    selected = Math.max(0, Math.min(i, all.length - 1));
    all[selected].classList.add("at");
    const link = all[selected].querySelector("a");
    link.focus({ preventScroll: true });
    all[selected].scrollIntoView({ block: "nearest" });
  }
  function go(selector, place = document) {
    const found = place.querySelector(selector);
    if (!found) return false;
    if (found.tagName === "SUMMARY") found.parentElement.open = true;
    const target = found.tagName === "SUMMARY" ? found.parentElement.querySelector("input") || found : found;
    target.scrollIntoView({ block: "center" });
    target.focus();
    return true;
  }
  let plan = 0;
  // In the plan that has the focus, or else in the first that has such a thing.
  function inHand(selector) {
    const panel = document.activeElement.closest("[data-plan]");
    return (panel && panel.querySelector(selector)) || document.querySelector(selector);
  }
  const keys = {
    j: () => select(selected + 1),
    k: () => select(selected - 1),
    a: () => {
      const form = inHand("[data-approve]");
      if (form) go("input[required]:not(:checked)", form) || go("button.main", form);
    },
    r: () => {
      const reject = inHand("details.reject");
      if (reject) go("summary", reject);
    },
    n: () => {
      const plans = [...document.querySelectorAll("[data-plan]")];
      if (!plans.length) return;
      plan = (plan + 1) % plans.length;
      plans[plan].scrollIntoView({ block: "start" });
      plans[plan].focus();
    },
    "/": () => go("input[type=search]"),
    "?": () => document.getElementById("keys").showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches?.("input:not([type=checkbox]), textarea, select")) { if (event.key === "Escape") event.target.blur(); return; }
    const act = keys[event.key];
    if (act) { event.preventDefault(); act(); }
  });
  document.addEventListener("click", (event) => {
    const row = event.target.closest("tr[data-href]");
    if (row && !event.target.closest("a") && !getSelection().toString()) location.href = row.dataset.href;
  });
  // A second click would only be refused, but it would look like an error.
  document.addEventListener("submit", (event) => {
    setTimeout(() => event.target.querySelectorAll("button").forEach((b) => { b.disabled = true; }), 0);
  });

  localise(document);
  setInterval(() => localise(document), 10000);
  if (body.dataset.seq !== undefined) listen();
})();
