// The rows of a table, shown and downloaded.

const $ = (id) => document.getElementById(id);

let model = null;
let url = null; // of the model, without a method
let request = null; // the fetch under way, to be cut short by the next

/** Show the section for a model that makes rows, or hide it. */
export function setUp(chosen) {
  $("table-section").hidden = !chosen;
  request?.abort();
  model = chosen;
  if (!model) return;
  url = new URL(`v1/models/${encodeURIComponent(model.name)}`, document.baseURI);
  const names = model.columns.map(({ name }) => new Option(name));
  $("row-column").replaceChildren(new Option("any row", ""), ...names);
  chooseColumn();
}

function column() {
  return model.columns.find(({ name }) => name === $("row-column").value);
}

/** Offer the levels of a category, or the range of a number or a date. */
function chooseColumn() {
  const { levels, range } = column() ?? {};
  $("row-value").hidden = !levels;
  $("row-low").hidden = $("row-to").hidden = !range;
  $("row-value").closest("label").hidden = !levels && !range;
  if (levels) {
    const options = levels.map((level, i) => new Option(level ?? "(missing)", i));
    $("row-value").replaceChildren(...options);
  }
  if (range) [$("row-low").value, $("row-high").value] = range;
  draw();
}

function end(id, kind) {
  return kind === "date" ? $(id).value : Number($(id).value);
}

function body() {
  const asked = { num_rows: Number($("row-count").value), seed: Number($("row-seed").value) };
  const { name, kind, levels, range } = column() ?? {};
  if (levels) asked.where = { [name]: levels[Number($("row-value").value)] };
  if (range) asked.where = { [name]: { from: end("row-low", kind), to: end("row-high", kind) } };
  return JSON.stringify(asked);
}

async function ask(method, signal) {
  const answer = await fetch(`${url}:${method}`, { method: "POST", body: body(), signal });
  if (!answer.ok) throw new Error((await answer.json()).error);
  return answer;
}

async function attempt(action) {
  request?.abort();
  request = new AbortController();
  const { signal } = request;
  $("table-section").setAttribute("aria-busy", "true");
  try {
    await action(signal);
    $("table-error").hidden = true;
  } catch (error) {
    if (error.name === "AbortError") return;
    $("table-error").textContent = error.message;
    $("table-error").hidden = false;
  }
  if (!signal.aborted) $("table-section").setAttribute("aria-busy", "false");
}

function draw() {
  const text = body().replaceAll("'", "'\\''");
  $("curl").textContent = `curl -d '${text}' ${url}:rows`;
  return attempt(async (signal) => {
    const { rows } = await (await ask("rows", signal)).json();
    if (signal.aborted) return;
    const names = model.columns.map(({ name }) => name);
    const head = document.createElement("thead");
    head.append(line("th", names));
    const all = document.createElement("tbody");
    all.append(...rows.map((row) => line("td", names.map((name) => row[name]))));
    $("rows").replaceChildren(head, all);
  });
}

function line(kind, values) {
  const row = document.createElement("tr");
  row.append(...values.map((value) => {
    const cell = document.createElement(kind);
    cell.textContent = value ?? "";
    if (typeof value === "number") cell.className = "number";
    return cell;
  }));
  return row;
}

function save() {
  return attempt(async (signal) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await (await ask("csv", signal)).blob());
    link.download = `${model.name}-seed-${$("row-seed").value}.csv`;
    link.click();
    URL.revokeObjectURL(link.href);
  });
}

$("row-column").addEventListener("change", chooseColumn);
for (const id of ["row-count", "row-seed", "row-value", "row-low", "row-high"]) {
  $(id).addEventListener("change", draw);
}
$("row-fresh").addEventListener("click", () => {
  $("row-seed").value = Math.floor(Math.random() * 10000);
  draw();
});
$("row-save").addEventListener("click", save);
