"use strict";
const element = (id) => document.getElementById(id);
const token = decodeURIComponent(location.hash.slice(1)) || prompt("Token") || "";
const headers = { Authorization: `Bearer ${token}` };
let model = "";

async function ask(address, options) {
  const response = await fetch(address, { headers, ...options });
  const found = await response.json();
  if (!response.ok) throw new Error(found.error);
  return found;
}

async function begin() {
  const { name } = await ask("/v1/models");
  model = `/v1/models/${encodeURIComponent(name)}`;
  const { people } = await ask(model);
  element("model").textContent = `${name} knows ${people.join(", ")}.`;
}

function inBase64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}

function draw(picture, faces) {
  const canvas = element("photo");
  canvas.width = picture.width;
  canvas.height = picture.height;
  canvas.hidden = false;
  const pen = canvas.getContext("2d");
  pen.drawImage(picture, 0, 0);
  const unit = Math.max(picture.width, picture.height) / 400;
  pen.lineWidth = unit;
  pen.font = `${8 * unit}px system-ui, sans-serif`;
  for (const { box: [x1, y1, x2, y2], name } of faces) {
    const text = name ?? "unknown";
    pen.strokeStyle = name === null ? "#e0a030" : "#2fb170";
    pen.strokeRect(x1, y1, x2 - x1, y2 - y1);
    const left = Math.max(0, Math.min(x1, picture.width - pen.measureText(text).width - 6 * unit));
    const top = y1 > 11 * unit ? y1 - 11 * unit : y2;
    pen.fillStyle = "rgb(0 0 0 / 70%)";
    pen.fillRect(left, top, pen.measureText(text).width + 6 * unit, 11 * unit);
    pen.fillStyle = "white";
    pen.fillText(text, left + 3 * unit, top + 8.5 * unit);
  }
}

async function recognise(file) {
  element("told").textContent = "Looking …";
  element("faces").replaceChildren();
  element("photo").hidden = true;
  const body = JSON.stringify({ instances: [{ b64: await inBase64(file) }] });
  const { predictions: [{ faces }] } = await ask(`${model}:predict`, { method: "POST", body });
  element("told").textContent = faces.length ? "" : "No face was found.";
  element("faces").replaceChildren(...faces.map((face) => {
    const line = document.createElement("li");
    const sure = `${(100 * face.probability).toFixed(0)} %`;
    line.textContent = face.name ? `${face.name} (${sure})` : `unknown, nearest ${face.candidate}`;
    return line;
  }));
  draw(await createImageBitmap(file, { imageOrientation: "from-image" }), faces);
}

const tell = (error) => { element("told").textContent = error.message; };
element("file").addEventListener("change", ({ target }) => {
  if (target.files.length) recognise(target.files[0]).catch(tell);
});
begin().catch(tell);
