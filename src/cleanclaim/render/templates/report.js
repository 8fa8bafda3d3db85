"use strict";
(() => {
  const form = document.getElementById("filter");
  if (!form) return;
  const claims = [...document.querySelectorAll("#findings ~ .claim")].map((element) => ({
    element,
    words: element.querySelector("summary").textContent.toLowerCase(),
    findings: [...element.querySelectorAll(".finding")].map((finding) => ({
      element: finding,
      severity: finding.dataset.severity,
      words: finding.textContent.toLowerCase(),
    })),
  }));
  const search = document.getElementById("search");
  const boxes = [...form.querySelectorAll("[name=severity]")];

  const apply = () => {
    const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const severities = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    let claimsLeft = 0;
    let findingsLeft = 0;
    for (const claim of claims) {
      let left = 0;
      for (const finding of claim.findings) {
        const words = claim.words + finding.words;
        const shown = severities.has(finding.severity) && wanted.every((word) => words.includes(word));
        finding.element.hidden = !shown;
        left += shown;
      }
      claim.element.hidden = !left;
      findingsLeft += left;
      claimsLeft += left > 0;
    }
    const total = claims.reduce((sum, claim) => sum + claim.findings.length, 0);
    document.getElementById("matches").textContent =
      findingsLeft === total ? "" : `${findingsLeft} of ${total} findings, on ${claimsLeft} of ${claims.length} claims`;
  };
  const fold = (open) => claims.forEach((claim) => { if (!claim.element.hidden) claim.element.open = open; });

  let waiting;
  search.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(apply, 120); });
  boxes.forEach((box) => box.addEventListener("change", apply));
  form.addEventListener("submit", (event) => { event.preventDefault(); apply(); });
  document.getElementById("open").addEventListener("click", () => fold(true));
  document.getElementById("close").addEventListener("click", () => fold(false));
  addEventListener("beforeprint", () => fold(true));
  form.hidden = false;
  apply();
})();
