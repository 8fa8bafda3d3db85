"use strict";
// The list of pages is a script of its own (search-index.js), so that it loads from a folder as well as from a server.
(function () {
  const form = document.querySelector("form[role=search]");
  const field = document.querySelector("input[type=search]");
  const hits = document.getElementById("hits");
  const said = document.getElementById("said");
  if (!form || !field) return;
  const root = form.dataset.root || "";
  const MOST = 40;
  let waiting = null;

  function load() {
    if (!waiting) {
      waiting = new Promise(function (resolve, reject) {
        const script = document.createElement("script");
        script.src = root + "search-index.js";
        script.onload = function () { resolve(window.CLEANCLAIM_INDEX); };
        script.onerror = reject;
        document.head.appendChild(script);
      });
    }
    return waiting;
  }

  function rank(entry, words) {
    const code = entry[0].toLowerCase().replace(".", "");
    const text = entry[2].toLowerCase();
    let score = 0;
    for (const word of words) {
      const plain = word.replace(".", "");
      if (code === plain) score += 100;
      else if (code.startsWith(plain)) score += 40;
      else if ((" " + text).includes(" " + word)) score += 10;
      else if (text.includes(word)) score += 3;
      else return 0;
    }
    return score;
  }

  function find(text) {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    if (!words.length) return Promise.resolve([]);
    return load().then(function (index) {
      const found = [];
      for (const entry of index) {
        const score = rank(entry, words);
        if (score) found.push([score, entry]);
      }
      found.sort(function (a, b) { return b[0] - a[0] || (a[1][0] < b[1][0] ? -1 : 1); });
      return found.map(function (pair) { return pair[1]; });
    });
  }

  function show(text) {
    return find(text).then(function (found) {
      hits.textContent = "";
      for (const entry of found.slice(0, MOST)) {
        const item = document.createElement("li");
        const link = document.createElement("a");
        link.href = root + entry[1];
        link.textContent = entry[0];
        item.append(link, " ", document.createTextNode(entry[2]));
        hits.append(item);
      }
      const more = found.length > MOST ? ", the first " + MOST + " are shown" : "";
      said.textContent = text.trim() ? (found.length === 1 ? "1 page found" : found.length + " pages found") + more : "";
      return found;
    }).catch(function () { said.textContent = "The list of pages could not be loaded."; return []; });
  }

  if (hits) {
    field.addEventListener("input", function () { show(field.value); });
    const asked = new URLSearchParams(window.location.search).get("q");
    if (asked) { field.value = asked; show(asked); }
  }
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    find(field.value).then(function (found) {
      const exact = found.length && found[0][0].toLowerCase() === field.value.trim().toLowerCase();
      if (found.length === 1 || exact) window.location.href = root + found[0][1];
      else window.location.href = root + "index.html?q=" + encodeURIComponent(field.value);
    });
  });
})();
