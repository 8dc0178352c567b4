function showAudit(view, model) {
  const broken = model.audit.filter(rule => rule.violations.length !== 0).length;
  view.append(
    element("h2", {}, "Audit"),
    element("p", {}, verdict(broken === 0),
      " " + (model.audit.length - broken) + " of " + model.audit.length + " rules are proven of every function of this core."),
    ...model.audit.map(showRule));
}

function verdict(holds) {
  return element("span", { class: holds ? "badge passed" : "badge violated" }, holds ? "✓ Passed" : "✗ Violated");
}

function showRule(rule) {
  const holds = rule.violations.length === 0;
  return element("details", { class: "group rule", open: !holds },
    element("summary", {}, verdict(holds), element("b", {}, rule.number + ". ", named(rule.title)),
      element("span", { class: "note" }, named(rule.summary))),
    holds ? null : dataTable("Violations", ["Address", "Function", "What is wrong"], rule.violations.map(violation => [
      violation.symbol === null ? hexadecimal(violation.rva)
        : element("a", { href: symbolAddress(violation.symbol, violation.rva), class: "code" }, hexadecimal(violation.rva)),
      violation.symbol === null ? named(violation.name) : symbolLink(violation.symbol, violation.rva),
      named(violation.what)])),
    rule.evidence.length === 0 ? nothing("It rests on no single function.")
      : dataTable("Evidence", ["Function", "Fact"], rule.evidence.map(evidence => [
        evidence.symbol === null ? named(evidence.name) : symbolLink(evidence.symbol), named(evidence.detail)])));
}
