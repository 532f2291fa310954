"use strict";

// The slider of epochs: it sets the picture, the cursors in the charts, and the values.
const time = document.getElementById("time");

if (time !== null) {
  const read = (name) => JSON.parse(document.getElementById(name).textContent);
  const epochs = read("epochs");
  const grids = read("grids");
  const play = document.getElementById("play");
  let timer = null;

  const show = () => {
    const epoch = epochs[time.value];
    document.getElementById("grid").src = grids[time.value];
    document.getElementById("epoch").textContent = epoch;
    time.setAttribute("aria-valuetext", `epoch ${epoch}`);
    document.querySelectorAll(".chart").forEach((chart) => point(chart, epoch));
    document.querySelectorAll("output[data-values]").forEach((output) => {
      output.textContent = JSON.parse(output.dataset.values)[epoch] ?? "–";
    });
  };

  const stop = () => {
    clearInterval(timer);
    timer = null;
    play.textContent = "Play";
  };

  const step = () => {
    if (+time.value === epochs.length - 1) {
      stop();
      return;
    }
    time.value = +time.value + 1;
    show();
  };

  play.addEventListener("click", () => {
    if (timer !== null) {
      stop();
      return;
    }
    if (+time.value === epochs.length - 1) time.value = 0;
    show();
    timer = setInterval(step, 200);
    play.textContent = "Stop";
  });
  time.addEventListener("input", () => { stop(); show(); });
}

function point(chart, epoch) {
  const line = chart.querySelector(".cursor");
  const last = +chart.dataset.last;
  const first = +chart.dataset.left;
  if (epoch < 1) {
    line.style.left = "";
    return;
  }
  const share = last > 1 ? (epoch - 1) / (last - 1) : 0;
  line.style.left = `${first + share * (+chart.dataset.right - first)}%`;
}
