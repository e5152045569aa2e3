(function () {
  "use strict";
  var claims = Array.prototype.slice.call(document.querySelectorAll(".facets details"));
  var all = document.getElementById("all");
  var tools = document.getElementById("tools");

  function open(wanted) {
    claims.forEach(function (each) { each.open = wanted; });
    say(wanted);
  }

  function say(opened) {
    if (!all) { return; }
    all.setAttribute("aria-pressed", String(opened));
    all.textContent = opened ? "Close every quote" : "Open every quote";
  }

  function arrive() {
    var wanted = location.hash && document.getElementById(location.hash.slice(1));
    var claim = wanted && wanted.querySelector(":scope > details");
    if (claim) { claim.open = true; claim.scrollIntoView({ block: "center" }); }
  }

  function print(withQuotes) {
    var before = claims.map(function (each) { return each.open; });
    claims.forEach(function (each) { each.open = withQuotes; });
    window.print();
    claims.forEach(function (each, i) { each.open = before[i]; });
  }

  claims.forEach(function (each) {
    var summary = each.querySelector("summary");
    summary.setAttribute("aria-expanded", String(each.open));
    each.addEventListener("toggle", function () {
      summary.setAttribute("aria-expanded", String(each.open));
      if (!each.open) { say(false); }
    });
    each.addEventListener("keydown", function (event) {
      if (event.key === "Escape" && each.open) { each.open = false; summary.focus(); }
    });
  });

  if (tools && claims.length) {
    tools.hidden = false;
    all.addEventListener("click", function () { open(all.getAttribute("aria-pressed") !== "true"); });
    document.getElementById("print").addEventListener("click", function () { print(false); });
    document.getElementById("print-all").addEventListener("click", function () { print(true); });
  }
  window.addEventListener("hashchange", arrive);
  arrive();
}());
