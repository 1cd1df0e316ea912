"""What the leaderboard page looks like: its HTML template, its style sheet, and the script that draws in two themes."""

PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<meta name="color-scheme" content="light dark">
<title>skucast leaderboard</title>
<style>{{ style | safe }}</style>
</head>
<body>
{% macro grid(table) %}
{% for section in table.sections %}
{% set columns, rows = table.filled(section) %}
{% if section.title %}<h4>{{ section.title }}</h4>{% endif %}
<div class="scroll"><table>
<thead><tr>
{% for name in columns %}<th scope="col" class="{{ marks(table, name, '') }}">{{ name }}</th>{% endfor %}
</tr></thead>
<tbody>
{% for line in section.lines %}
<tr class="{{ line.kind }}">
{% for cell in rows[loop.index0] %}
<td class="{{ marks(table, columns[loop.index0], cell) }}">{{ cell }}</td>
{% endfor %}
</tr>
{% endfor %}
</tbody>
</table></div>
{% endfor %}
{% for note in table.notes %}<p class="note">{{ note }}</p>{% endfor %}
{% endmacro %}
{% macro drawing(figure) %}
<figure>
<figcaption><b>{{ figure.title }}</b><span>{{ figure.note }}</span></figcaption>
<div class="plot" id="{{ figure.id }}"></div>
</figure>
{% endmacro %}
<header>
<h1>skucast leaderboard</h1>
<p>Forecasters on the same windows, against the same truth.{% if made %} Newest row of {{ made }}.{% endif %}</p>
{% if tasks | length > 1 %}
<nav>{% for task in tasks %}<a href="#{{ task.id }}">{{ task.name }}</a>{% endfor %}</nav>
{% endif %}
<p class="key">
<span><i class="reference"></i>reference of the comparisons</span>
<span><i class="ours"></i>ours, trained on the task's own past unless marked</span>
{% if tasks | selectattr("published") | list %}
<span><i class="published"></i>published</span>
{% endif %}</p>
<noscript><p class="note">The plots need JavaScript; the tables do not.</p></noscript>
</header>
<main>
{% if whole %}<section><h2>{{ whole.title }}</h2>{{ grid(whole) }}</section>{% endif %}
{% for task in tasks %}
<section id="{{ task.id }}">
<h2>{{ task.name }}</h2>
<p class="facts">{{ task.facts }}</p>
{% for table in task.tables[:1] %}{{ grid(table) }}{% endfor %}
<div class="plots">{% for figure in task.plots %}{{ drawing(figure) }}{% endfor %}</div>
{% for table in task.tables[1:] %}
<h3>{{ table.title }}</h3>
{{ grid(table) }}
{% endfor %}
{% if task.examples %}
<h3>Best and worst series of {{ task.top }}, last window</h3>
<p class="note">The past and what came true, with the median and the 80 % interval of the forecast.</p>
<div class="examples">{% for figure in task.examples %}{{ drawing(figure) }}{% endfor %}</div>
{% endif %}
{% if task.origins %}
<details><summary>What made these rows</summary>
{% for origin in task.origins %}
<p><b>{{ origin.contestants }}</b>: {{ origin.facts }}</p>
{% if origin.command %}<pre>{{ origin.command }}</pre>{% endif %}
{% endfor %}
</details>
{% endif %}
</section>
{% endfor %}
</main>
<script>{{ library | safe }}</script>
<script>const SPECS = {{ specs | safe }};
{{ script | safe }}</script>
</body>
</html>
"""

STYLE = """
:root { --paper: #fbfbf9; --card: #ffffff; --ink: #23282f; --quiet: #68717d; --line: #e3e5e8; --tint: #fdf3ea;
  --ahead: #23795f; --behind: #b4472b; --reference: #e07b39; --ours: #4a90d9; --published: #9aa5b1; }
@media (prefers-color-scheme: dark) { :root { --paper: #14171b; --card: #1b1f25; --ink: #dfe3e8; --quiet: #96a0ac;
  --line: #30363e; --tint: #2b231c; --ahead: #62c3a3; --behind: #e5886e; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
header, main { max-width: 1180px; margin: 0 auto; padding: 0 20px; }
header { padding-top: 32px; }
h1 { font-size: 26px; margin: 0 0 4px; letter-spacing: -0.01em; }
h2 { font-size: 20px; margin: 0; }
h3 { font-size: 15px; margin: 28px 0 8px; }
h4 { font-size: 13px; font-weight: 600; color: var(--quiet); margin: 14px 0 4px; }
header p, .facts { margin: 0 0 10px; color: var(--quiet); }
nav { display: flex; flex-wrap: wrap; gap: 6px; margin: 10px 0; }
nav a { color: inherit; text-decoration: none; border: 1px solid var(--line); border-radius: 999px; padding: 2px 12px;
  background: var(--card); }
nav a:hover { border-color: var(--ours); }
.key { display: flex; flex-wrap: wrap; gap: 2px 16px; }
.key i { display: inline-block; width: 10px; height: 10px; border-radius: 3px; margin-right: 6px; }
i.reference { background: var(--reference); } i.ours { background: var(--ours); }
i.published { background: var(--published); }
section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 20px; margin: 20px 0; }
.scroll { overflow-x: auto; margin: 8px 0; }
table { border-collapse: collapse; width: 100%; font-size: 13px; font-variant-numeric: tabular-nums; }
th, td { padding: 5px 10px; border-bottom: 1px solid var(--line); white-space: nowrap; text-align: right; }
th { font-weight: 600; color: var(--quiet); }
th.words, td.words { text-align: left; }
th.name, td.name { position: sticky; left: 0; background: var(--card); }
tr.reference td, tr.reference td.name { background: var(--tint); font-weight: 600; }
tr.published td { color: var(--quiet); }
td.ahead { color: var(--ahead); font-weight: 600; } td.behind { color: var(--behind); font-weight: 600; }
.note { font-size: 12.5px; color: var(--quiet); margin: 6px 0; max-width: 90ch; }
.plots { columns: 2; column-gap: 16px; margin-top: 20px; }
.plots figure { break-inside: avoid; margin-bottom: 16px; }
.examples { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 12px; }
figure { margin: 0; border: 1px solid var(--line); border-radius: 8px; padding: 12px; min-width: 0; }
figcaption b { display: block; font-size: 14px; overflow-wrap: anywhere; }
figcaption span { display: block; font-size: 12px; color: var(--quiet); margin-bottom: 8px; }
.plot { width: 100%; }
details { margin-top: 20px; font-size: 13px; color: var(--quiet); }
summary { cursor: pointer; }
pre { background: var(--paper); border: 1px solid var(--line); border-radius: 6px; padding: 8px 10px;
  white-space: pre-wrap; overflow-wrap: anywhere; color: var(--ink); }
@media (max-width: 760px) { header, main { padding: 0 12px; } header { padding-top: 20px; }
  section { padding: 14px 12px; }
  .plots { columns: 1; } .examples { grid-template-columns: minmax(0, 1fr); } figure { padding: 10px 8px; } }
#vg-tooltip-element.vg-tooltip { font-family: inherit; }
"""

SCRIPT = """
const dark = matchMedia("(prefers-color-scheme: dark)");
function look() {
  const of = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const ink = of("--ink"), quiet = of("--quiet"), line = of("--line");
  return { background: null, font: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
    view: { stroke: null }, line: { color: quiet }, rule: { color: quiet }, point: { color: quiet },
    text: { color: ink },
    axis: { labelColor: quiet, titleColor: quiet, gridColor: line, domainColor: line, tickColor: line,
      titleFontWeight: "normal", labelFontSize: 11, titleFontSize: 11 },
    legend: { labelColor: quiet, labelFontSize: 11 } };
}
async function draw() {
  const config = look();
  for (const [id, spec] of Object.entries(SPECS)) {
    await vegaEmbed("#" + id, spec, { mode: "vega-lite", actions: false, renderer: "svg", ast: true, config,
      tooltip: { theme: dark.matches ? "dark" : "light" } });
  }
}
dark.addEventListener("change", draw);
draw();
"""
