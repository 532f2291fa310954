// The page of the built-in server. It knows the REST API and nothing else.

import * as table from "./table.js";
import * as translation from "./translate.js";

const $ = (id) => document.getElementById(id);
const FRAMES = 33;
const FRAME_MS = 60;

let models = [];
let model = null;
let request = null; // the fetch under way, to be cut short by the next
let shown = []; // seeds of the pictures in the grid
let frames = []; // pictures of the walk
let timer = null;
let nextEnd = "from"; // which end of the walk the next chosen picture becomes
let given = null; // the image that the model is conditional on, as base64 of a PNG file

// -- what is asked for

const count = () => Number($("count").value) ** 2;
const label = () => Number($("class").value);
const takes = (name) => name in (model.signatures.png ?? {});
const isTable = () => Boolean(model.columns);
const isTranslator = () => takes("image_bytes") && !takes("seed");

/** The numbers of the vector field, as many as the model takes. */
function vector() {
  const size = model.signatures.png.vector.shape[1];
  const words = $("vector").value.split(/[\s,;]+/).filter(Boolean);
  const numbers = words.map(Number);
  if (numbers.length !== size || !numbers.every(Number.isFinite)) {
    throw new Error(`The vector must be ${size} numbers. Received: ${$("vector").value}`);
  }
  return numbers;
}

/** The rightmost position of the slider is no truncation, which is 0 for the API. */
function truncation() {
  const slider = $("truncation");
  return slider.value === slider.max ? 0 : Number(slider.value);
}

/** The codes of the model by name, such as those of an InfoGAN, and its edits. */
const codes = () => Object.entries(model.card?.architecture?.codes ?? {});

/** The leftmost position of a slider leaves the code to the seed; an edit has 0. */
function codeValue(name, { kind }) {
  const slider = $(`code-${name}`);
  if (kind === "category" || kind === "edit") return Number(slider.value);
  return slider.value === slider.min ? NaN : Number(slider.value);
}

/** JSON with NaN as a word, as TensorFlow Serving reads and writes it. */
function toJson(value) {
  const text = JSON.stringify(value, (_, v) => (Number.isNaN(v) ? "%NaN%" : v));
  return text.replaceAll('"%NaN%"', "NaN");
}

function inputs(seeds, more = {}) {
  const each = (value) => seeds.map(() => value);
  const columns = takes("seed") ? { seed: seeds, truncation: each(truncation()), ...more } : {};
  if (takes("truncation_psi")) columns.truncation_psi = each(Number($("psi").value));
  if (takes("label")) columns.label = each(label());
  for (const [name, code] of codes()) columns[name] = each(codeValue(name, code));
  if (takes("vector")) columns.vector = each(vector());
  if (takes("image_bytes")) columns.image_bytes = each({ b64: given });
  return columns;
}

function url() {
  return new URL(`v1/models/${encodeURIComponent(model.name)}:predict`, document.baseURI);
}

async function predict(signature, columns, signal) {
  const body = toJson({ signature_name: signature, inputs: columns });
  const answer = await fetch(url(), { method: "POST", body, signal });
  const value = await answer.json();
  if (!answer.ok) throw new Error(value.error);
  return value.outputs.map((output) => `data:image/png;base64,${output.b64}`);
}

/** Run a request, and show what goes wrong with it. */
async function attempt(action) {
  try {
    await action();
    $("error").hidden = true;
  } catch (error) {
    if (error.name === "AbortError") return;
    $("error").textContent = error.message;
    $("error").hidden = false;
  }
}

// -- the grid

function firstSeeds() {
  const first = Number($("seed").value);
  return Array.from({ length: count() }, (_, i) => first + i);
}

async function draw() {
  showValues();
  stop();
  frames = [];
  request?.abort();
  request = new AbortController();
  const { signal } = request;
  const seeds = firstSeeds();
  $("grid").setAttribute("aria-busy", "true");
  await attempt(async () => {
    if (takes("image_bytes")) await readImage();
    if (signal.aborted) return;
    const columns = inputs(seeds);
    const pictures = await predict("png", columns, signal);
    if (signal.aborted) return;
    showGrid(seeds, pictures);
    showCurl(columns);
  });
  if (!signal.aborted) $("grid").setAttribute("aria-busy", "false");
}

function showGrid(seeds, pictures) {
  shown = seeds;
  $("grid").style.setProperty("--columns", Math.sqrt(seeds.length));
  $("grid").replaceChildren(...pictures.map((picture, i) => tile(seeds[i], picture)));
  markEnds();
}

function tile(seed, picture) {
  const button = document.createElement("button");
  const image = new Image();
  image.src = picture;
  image.alt = `Sample of seed ${seed}`;
  if (model.signatures.walk) button.title = `Seed ${seed}: choose it for the walk`;
  button.dataset.seed = seed;
  button.append(image);
  button.addEventListener("click", () => choose(seed));
  return button;
}

function showValues() {
  $("seed-value").textContent = $("seed").value;
  $("count-value").textContent = count();
  $("truncation-value").textContent = truncation() === 0 ? "none" : $("truncation").value;
  $("psi-value").textContent = $("psi").value === "1" ? "none" : $("psi").value;
  for (const [name, code] of codes()) {
    const value = codeValue(name, code);
    const isAny = code.kind === "category" ? value < 0 : Number.isNaN(value);
    $(`code-${name}-value`).textContent = isAny ? "any" : value;
  }
  const names = model.card?.class_names;
  $("class-value").textContent = label() < 0 ? "any" : names?.[label()] ?? label();
}

function showCurl(columns) {
  const body = (inputs) => toJson({ signature_name: "png", inputs });
  if (!columns.image_bytes) {
    $("curl").textContent = `curl -d '${body(columns)}' ${url()}`;
    return;
  }
  // One row, and the image as a file: base64 of many would be too long to read.
  const row = Object.entries(columns).map(([name, values]) => [name, values.slice(0, 1)]);
  const text = body({ ...Object.fromEntries(row), image_bytes: [{ b64: "FILE" }] });
  const file = `'"$(base64 -w0 image.png)"'`;
  $("curl").textContent = `curl -d '${text.replace("FILE", file)}' ${url()}`;
}

// -- an image to start from

/** Draw the chosen file, or black, in the size that the model takes. */
async function readImage() {
  const [file] = $("image").files;
  const picture = file && (await createImageBitmap(file));
  const [, rows, columns] = model.signatures.serving_default.images.shape;
  const canvas = document.createElement("canvas");
  canvas.height = rows > 0 ? rows : picture?.height ?? 64;
  canvas.width = columns > 0 ? columns : picture?.width ?? 64;
  const context = canvas.getContext("2d");
  context.fillRect(0, 0, canvas.width, canvas.height);
  if (picture) context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  given = canvas.toDataURL("image/png").split(",")[1];
  $("image-value").textContent = file ? `${canvas.width} × ${canvas.height}` : "black";
}

// -- the walk

function choose(seed) {
  $(nextEnd).value = seed;
  nextEnd = nextEnd === "from" ? "to" : "from";
  changeEnds();
}

function changeEnds() {
  stop();
  frames = [];
  markEnds();
  showPosition();
}

function markEnds() {
  for (const button of $("grid").children) {
    const ends = ["from", "to"].filter((end) => $(end).value === button.dataset.seed);
    if (ends.length) button.dataset.end = ends.join(" · ");
    else delete button.dataset.end;
  }
}

async function loadFrames() {
  if (frames.length) return;
  const each = (value) => Array(FRAMES).fill(value);
  const way = {
    end_seed: each(Math.trunc(Number($("to").value))),
    position: each(0).map((_, i) => i / (FRAMES - 1)),
  };
  const columns = inputs(each(Math.trunc(Number($("from").value))), way);
  const loaded = await predict("walk", columns);
  frames = loaded;
}

function showPosition() {
  const i = Number($("position").value);
  $("position-value").textContent = `${Math.round((100 * i) / (FRAMES - 1))} %`;
  if (frames[i]) $("walk-picture").src = frames[i];
}

/** Go to and fro until stopped. */
async function play() {
  if (timer) return stop();
  await attempt(async () => {
    $("play").disabled = true;
    await loadFrames().finally(() => ($("play").disabled = false));
    $("play").textContent = "Stop";
    let step = Number($("position").value) < FRAMES - 1 ? 1 : -1;
    timer = setInterval(() => {
      const i = Number($("position").value) + step;
      $("position").value = i;
      if (i <= 0 || i >= FRAMES - 1) step = -step;
      showPosition();
    }, FRAME_MS);
  });
}

function stop() {
  clearInterval(timer);
  timer = null;
  $("play").textContent = "Play";
}

// -- download and copy

async function download() {
  const images = [...$("grid").querySelectorAll("img")];
  await Promise.all(images.map((image) => image.decode()));
  const columns = Math.sqrt(images.length);
  const { naturalWidth: width, naturalHeight: height } = images[0];
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [columns * width, columns * height];
  const context = canvas.getContext("2d");
  images.forEach((image, i) => {
    context.drawImage(image, (i % columns) * width, Math.floor(i / columns) * height);
  });
  const link = document.createElement("a");
  link.href = canvas.toDataURL("image/png");
  link.download = `${model.name}-seed-${shown[0]}.png`;
  link.click();
}

async function copy() {
  await attempt(() => navigator.clipboard.writeText($("curl").textContent));
  $("copy").textContent = "Copied";
  setTimeout(() => ($("copy").textContent = "Copy"), 1500);
}

// -- the model

function describe() {
  const { card, name, version } = model;
  const shape = card?.architecture?.output_shape?.slice(1);
  const size = shape && (shape.includes(null) ? "any size" : `${shape.join(" × ")} pixels`);
  const made = isTable() ? `${model.columns.length} columns` : size;
  const facts = [`version ${version}`, made, card?.licence];
  $("about").textContent = `${name} · ${facts.filter(Boolean).join(" · ")}`;
  document.title = `${name} · keras_gan`;
  const isSmall = (card?.architecture?.output_shape?.[1] ?? 0) <= 128;
  $("grid").classList.toggle("small", isSmall);
  $("walk-picture").classList.toggle("small", isSmall);
}

/** One slider a code or edit; further left than a code's lowest value is "any". */
function setUpCodes() {
  $("codes").hidden = !codes().length;
  $("codes").replaceChildren(...codes().map(([name, { kind, range }]) => {
    const control = document.createElement("div");
    control.className = "control";
    control.id = `code-${name}-control`;
    const label = document.createElement("label");
    const slider = document.createElement("input");
    const output = document.createElement("output");
    label.textContent = name;
    label.htmlFor = slider.id = `code-${name}`;
    output.id = `code-${name}-value`;
    const [low, high] = [range[0] ?? -3, range[1] ?? 3];
    const step = { category: 1, edit: 0.25 }[kind] ?? (high - low) / 20;
    const min = kind === "number" ? low - step : low;
    Object.assign(slider, { type: "range", min, max: high, step });
    slider.value = kind === "edit" ? 0 : min;
    slider.addEventListener("input", draw);
    control.append(label, slider, output);
    return control;
  }));
}

function setUp() {
  describe();
  translation.setUp(isTranslator() ? model : null);
  table.setUp(isTable() ? model : null);
  for (const id of ["controls", "samples"]) $(id).hidden = isTranslator() || isTable();
  $("walk-section").hidden = !model.signatures.walk;
  if (isTable()) return;
  if (!takes("seed") && !isTranslator()) {
    $("grid").setAttribute("aria-busy", "false");
    throw new Error(
      `${model.name} makes no PNG files from seeds or images, so there is nothing ` +
        "to play with here. Its REST API answers all the same.",
    );
  }
  const ranges = model.card?.value_ranges ?? {};
  const largest = ranges.truncation?.[1] ?? 3;
  Object.assign($("truncation"), { min: largest / 30, max: largest, step: largest / 30 });
  $("truncation").value = largest;
  $("psi-control").hidden = !takes("truncation_psi");
  $("class-control").hidden = !takes("label");
  setUpCodes();
  $("vector-control").hidden = !takes("vector");
  $("image-control").hidden = !takes("image_bytes");
  if (takes("vector")) {
    const size = model.signatures.png.vector.shape[1];
    $("vector").value = Array(size).fill(0).join(", ");
    $("vector-value").textContent = `${size} numbers`;
  }
  Object.assign($("class"), { max: ranges.label?.[1] ?? 9, value: -1 });
}

async function choosePage() {
  model = models.find(({ name }) => name === $("model").value);
  await attempt(async () => {
    setUp();
    frames = [];
    if (isTranslator() || isTable()) return;
    await draw();
    if (!model.signatures.walk) return;
    await loadFrames();
    showPosition();
  });
}

async function start() {
  const answer = await fetch(new URL("models", document.baseURI));
  models = await answer.json();
  if (!models.length) throw new Error("No model is loaded yet.");
  $("model").replaceChildren(...models.map(({ name }) => new Option(name)));
  $("model-choice").hidden = models.length < 2;
  await choosePage();
}

for (const id of ["seed", "truncation", "psi", "class", "vector", "image", "count"]) {
  $(id).addEventListener("input", draw);
}
$("model").addEventListener("change", choosePage);
$("fresh").addEventListener("click", () => {
  $("seed").value = Math.floor(Math.random() * 10000);
  draw();
});
for (const id of ["from", "to"]) $(id).addEventListener("input", changeEnds);
$("position").addEventListener("input", () => attempt(async () => {
  stop();
  await loadFrames();
  showPosition();
}));
$("play").addEventListener("click", play);
$("download").addEventListener("click", download);
$("copy").addEventListener("click", copy);
attempt(start);
