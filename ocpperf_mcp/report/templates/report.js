"use strict";
const textOf = (cell) => cell.textContent.trim();
const order = (index, isDown) => (one, other) => {
  const [a, b] = [one.cells[index], other.cells[index]];
  const [x, y] = [a.dataset.v, b.dataset.v];
  if (x === undefined && y === undefined) return (isDown ? -1 : 1) * textOf(a).localeCompare(textOf(b), "en", { numeric: true });
  // What is not known comes last either way.
  if (x === undefined || y === undefined) return x === undefined ? 1 : -1;
  return (isDown ? -1 : 1) * (Number(x) - Number(y));
};
const sort = (table, index) => {
  const head = table.tHead.rows[0].cells[index];
  const isDown = head.getAttribute("aria-sort") !== "descending";
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", isDown ? "descending" : "ascending");
  const body = table.tBodies[0];
  body.append(...Array.from(body.rows).sort(order(index, isDown)));
};
for (const table of document.querySelectorAll("table")) {
  if (table.tBodies[0].rows.length < 2) continue;
  Array.from(table.tHead.rows[0].cells).forEach((head, index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sort(table, index));
    head.append(button);
  });
}
