// Shows each view that Charley sends, and sends back what is touched or typed. All texts come from the page.
const $ = (id) => document.getElementById(id);
const texts = JSON.parse($("texts").textContent);
const fill = (text, slots) => text.replace(/\{(\w+)\}/g, (_, name) => slots[name]);

// Milliseconds for which new buttons take no touch: a trembling hand touches twice.
const SETTLING = 400;
const SIZES = [100, 125, 150, 175, 200, 250];
const THEMES = ["light", "dark", "contrast"];

let view = { moment: 0, buttons: [] };
let drawnAt = 0;

function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function button(line) {
  const made = document.createElement("button");
  made.textContent = line;
  made.dataset.line = line;
  made.className = "answer";
  return made;
}

function draw(next) {
  const asked = next.moment !== view.moment || String(next.buttons) !== String(view.buttons);
  view = next;
  if (asked) {
    const held = $("answers").contains(document.activeElement);
    $("answers").replaceChildren(...view.buttons.map(button));
    $("answers").dataset.kind = view.kind;
    $("answers").dataset.question = view.question;
    $("answers").dataset.moment = view.moment;
    drawnAt = performance.now();
    if (held) $("answers").focus();
  }
  const over = view.state === "over";
  put($("state"), texts.state[view.state]);
  document.body.dataset.state = view.state;
  document.body.dataset.level = view.level;
  put($("caption"), view.caption);
  $("caption").dataset.length = view.caption.length > 140 ? "long" : view.caption.length > 70 ? "middle" : "short";
  put($("heard"), view.late ? texts.late : view.heard && fill(view.understood ? texts.heard : texts.unclear, { text: view.heard }));
  const alarmed = $("alarm").textContent;
  put($("alarm"), view.level === "emergency" ? texts.emergency : "");
  if ($("alarm").textContent !== alarmed) scrollTo(0, 0);
  else if (asked && view.buttons.length && $("caption").getBoundingClientRect().top < 0) $("caption").scrollIntoView();
  $("advice").hidden = !view.level;
  put($("level"), view.level && texts.levels[view.level]);
  list($("said-with-it"), view.advice);
  list($("reasons"), view.reasons);
  list($("notices"), view.pages > 1 ? [...view.notices, texts.several] : view.notices);
  list($("said"), view.transcript.map((line) => `${texts.who[line.who]}: ${line.text}`));
  const vanishing = ["answers", "typing", "always", "again"].some((id) => $(id).contains(document.activeElement));
  const turned = over === $("again").hidden;
  $("typing").hidden = $("always").hidden = over;
  $("again").hidden = !over;
  if (turned && (vanishing || document.activeElement === document.body)) $(over ? "again" : "answers").focus();
}

function list(element, lines) {
  if (lines.length === element.children.length && lines.every((line, at) => element.children[at].textContent === line)) return;
  element.replaceChildren(...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
}

async function send(what, content = {}) {
  try {
    const reply = await fetch(what, { method: "POST", body: JSON.stringify(content) });
    return reply.status;
  } catch {
    put($("lost"), texts.lost);
    return 0;
  }
}

async function answer(line) {
  const status = await send("answer", { moment: view.moment, line });
  if (status === 409) put($("heard"), texts.late);
  return status === 200;
}

document.addEventListener("click", (event) => {
  const line = event.target.closest("[data-line]")?.dataset.line;
  if (line === undefined) return;
  const settling = event.target.closest("#answers") && performance.now() - drawnAt < SETTLING;
  if (!settling) answer(line);
});

$("typing").addEventListener("submit", async (event) => {
  event.preventDefault();
  const line = $("line").value.trim();
  if (line && (await answer(line)) && $("line").value.trim() === line) $("line").value = "";
});

$("again").addEventListener("click", () => send("again"));

// Whoever uses the page is given all the time in the world.
let told = -1;
for (const sign of ["keydown", "pointerdown", "wheel"]) {
  document.addEventListener(sign, () => {
    if (view.state !== "over" && told !== view.moment) send("touch");
    told = view.moment;
  }, { passive: true });
}

function kept(name, otherwise) {
  try {
    return localStorage.getItem(name) ?? otherwise;
  } catch {
    return otherwise;
  }
}

function keep(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch { /* this browser keeps nothing: it holds until the page is closed */ }
}

function usualTheme() {
  if (matchMedia("(prefers-contrast: more)").matches) return "contrast";
  return matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
}

function dress(theme) {
  document.documentElement.dataset.theme = theme;
  for (const one of $("themes").children) one.setAttribute("aria-pressed", one.dataset.theme === theme);
}

function scale(step) {
  document.documentElement.dataset.size = SIZES[step];
  put($("size"), fill(texts.size, { percent: SIZES[step] }));
  $("smaller").disabled = step === 0;
  $("larger").disabled = step === SIZES.length - 1;
}

let theme = kept("theme", "");
dress(THEMES.includes(theme) ? theme : usualTheme());
let step = Math.max(0, SIZES.indexOf(Number(kept("size", "100"))));
scale(step);

$("themes").addEventListener("click", (event) => {
  theme = event.target.dataset.theme;
  if (theme) dress(theme), keep("theme", theme);
});
for (const [id, change] of [["smaller", -1], ["larger", 1]]) {
  $(id).addEventListener("click", () => {
    step = Math.min(SIZES.length - 1, Math.max(0, step + change));
    scale(step);
    keep("size", SIZES[step]);
  });
}

const stream = new EventSource("events");
stream.onmessage = (event) => {
  put($("lost"), "");
  draw(JSON.parse(event.data));
};
stream.onerror = () => put($("lost"), stream.readyState === EventSource.CLOSED ? texts.gone : texts.lost);
stream.addEventListener("gone", () => {
  stream.close();
  put($("lost"), texts.gone);
});
