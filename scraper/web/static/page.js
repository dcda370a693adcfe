// Conveniences for who has a keyboard; every page does the same without them.
"use strict";

// j and k go to the next and the previous story of a list, "/" to the search.
document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/") {
    const box = document.querySelector("input[type=search]");
    if (box) { event.preventDefault(); box.focus(); box.select(); }
  } else if (event.key === "j" || event.key === "k") {
    const links = [...document.querySelectorAll(".stories h2 a")];
    const next = links.indexOf(document.activeElement) + (event.key === "j" ? 1 : -1);
    if (links[next]) links[next].focus();
  }
});
