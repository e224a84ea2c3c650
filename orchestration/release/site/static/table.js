// Sorting and filtering of tables by mouse and keyboard, with the result spoken. Without it all content stands.
"use strict";

(() => {
  const language = document.documentElement.lang;
  const collator = new Intl.Collator(language, { numeric: true, sensitivity: "base" });
  const plural = new Intl.PluralRules(language);

  // What a cell sorts by: its number, its verdict's order, or its words. Empty cells always come last.
  const keyOf = (row, column) => {
    const cell = row.cells[column];
    if (!cell) return null;
    if (cell.dataset.order !== undefined) return Number(cell.dataset.order);
    const number = cell.querySelector("data");
    if (number) return Number(number.value);
    const isNumeric = cell.classList.contains("number") || cell.classList.contains("none");
    return isNumeric ? null : cell.textContent.trim() || null;
  };

  const compare = (a, b) =>
    typeof a === "number" && typeof b === "number" ? a - b : collator.compare(String(a), String(b));

  const sortBody = (body, column, sign) => {
    const rows = [...body.rows].filter((row) => !row.classList.contains("group"));
    const keyed = rows.map((row, place) => ({ row, place, key: keyOf(row, column) }));
    keyed.sort((a, b) => {
      if (a.key === null || b.key === null) return (a.key === null) - (b.key === null) || a.place - b.place;
      return sign * compare(a.key, b.key) || a.place - b.place;
    });
    body.append(...keyed.map(({ row }) => row));
  };

  const makeSortable = (table) => {
    const heads = [...table.tHead.rows[table.tHead.rows.length - 1].cells];
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const ascending = head.getAttribute("aria-sort") !== "ascending";
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", ascending ? "ascending" : "descending");
        [...table.tBodies].forEach((body) => sortBody(body, column, ascending ? 1 : -1));
      });
    });
  };

  const makeFilter = (box) => {
    const table = document.getElementById(box.dataset.for);
    const input = box.querySelector("input");
    const found = box.querySelector(".found");
    const say = (count) => {
      const form = found.dataset[plural.select(count)] ?? found.dataset.other ?? found.dataset.many;
      found.textContent = form.replace("{n}", new Intl.NumberFormat(language).format(count));
    };
    const apply = () => {
      const wanted = input.value.trim().toLocaleLowerCase(language);
      let count = 0;
      for (const body of table.tBodies) {
        let shown = 0;
        for (const row of body.rows) {
          if (row.classList.contains("group")) continue;
          row.hidden = !row.textContent.toLocaleLowerCase(language).includes(wanted);
          shown += row.hidden ? 0 : 1;
        }
        for (const row of body.rows) if (row.classList.contains("group")) row.hidden = shown === 0;
        count += shown;
      }
      say(count);
    };
    let timer;
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(apply, 200);
    });
    box.hidden = false;
  };

  document.querySelectorAll("table.sortable").forEach(makeSortable);
  document.querySelectorAll(".filter").forEach(makeFilter);
})();
