// A picture goes to the server as it is; the result is shown over it.

const $ = (id) => document.getElementById(id);

let url = null; // of the model's method `:translate`
let name = null; // of the model
let request = null; // the fetch under way, to be cut short by the next
let result = null; // { file, link }: what was sent, and the address of the answer

/** Show the section for a model that translates, or hide it. */
export function setUp(model) {
  $("translate-section").hidden = !model;
  request?.abort();
  reset();
  if (!model) return;
  name = model.name;
  url = new URL(`v1/models/${encodeURIComponent(name)}:translate`, document.baseURI);
  const [, height, width] = model.signatures.serving_default.images.shape;
  $("translate-hint").textContent =
    height > 0
      ? `The model takes ${width} × ${height} pixels: of other pictures the middle, scaled.`
      : "The model takes pictures of any size; very large ones are scaled down.";
  showCurl("photo.jpg");
}

function reset() {
  if (result) URL.revokeObjectURL(result.link);
  URL.revokeObjectURL($("before").src);
  result = null;
  $("compare").hidden = $("save").hidden = true;
  $("translate-error").hidden = true;
}

async function translate(file) {
  request?.abort();
  request = new AbortController();
  const { signal } = request;
  reset();
  showCurl(file.name);
  $("translate-section").setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(url, { method: "POST", body: file, signal });
    if (!answer.ok) throw new Error(`${file.name}: ${(await answer.json()).error}`);
    const link = URL.createObjectURL(await answer.blob());
    if (signal.aborted) return;
    result = { file, link };
    await show();
  } catch (error) {
    if (error.name === "AbortError") return;
    $("translate-error").textContent = error.message;
    $("translate-error").hidden = false;
  } finally {
    if (!signal.aborted) $("translate-section").setAttribute("aria-busy", "false");
  }
}

/** Lay the result over the picture, cut as the server cuts it: the middle. */
async function show() {
  const [before, after] = [$("before"), $("after")];
  before.hidden = false;
  before.src = URL.createObjectURL(result.file);
  after.src = result.link;
  await after.decode();
  // Some kinds of files are read by the server and not by the browser.
  await before.decode().catch(() => (before.hidden = true));
  const { naturalWidth: width, naturalHeight: height } = after;
  $("compare").style.setProperty("--ratio", `${width} / ${height}`);
  $("compare").style.setProperty("--width", `${Math.max(width, 320)}px`);
  $("compare").classList.toggle("small", Math.max(width, height) <= 128);
  $("size").textContent = `${width} × ${height} pixels`;
  $("split").value = 50;
  split();
  $("compare").hidden = $("save").hidden = false;
}

function split() {
  $("compare").style.setProperty("--split", `${$("split").value}%`);
}

function stem(file) {
  return file.replace(/\.[^.]*$/, "");
}

function quoted(text) {
  return /^[\w.-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function showCurl(file) {
  const target = quoted(`${stem(file)}-translated.png`);
  $("curl").textContent = `curl --data-binary @${quoted(file)} ${url} -o ${target}`;
}

function save() {
  const link = document.createElement("a");
  link.href = result.link;
  link.download = `${stem(result.file.name)}-${name}.png`;
  link.click();
}

/** The first file of a drop or of what is pasted; none where no model translates. */
function fileOf(transfer) {
  return $("translate-section").hidden ? null : transfer?.files?.[0];
}

$("picture").addEventListener("change", () => {
  const [file] = $("picture").files;
  if (file) translate(file);
  $("picture").value = ""; // the same file can be chosen again
});
$("choose").addEventListener("click", () => $("picture").click());
$("split").addEventListener("input", split);
$("save").addEventListener("click", save);

document.addEventListener("dragover", (event) => {
  if ($("translate-section").hidden) return;
  event.preventDefault();
  $("drop").classList.add("over");
});
for (const end of ["dragleave", "drop"]) {
  document.addEventListener(end, () => $("drop").classList.remove("over"));
}
document.addEventListener("drop", (event) => {
  if ($("translate-section").hidden) return;
  event.preventDefault();
  const file = fileOf(event.dataTransfer);
  if (file) translate(file);
});
document.addEventListener("paste", (event) => {
  const file = fileOf(event.clipboardData);
  if (file) translate(file);
});
