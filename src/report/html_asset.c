/* Style and script of the HTML report, a line an element (one string would pass what C promises).
 * The report's content security policy names both by their digest: change them freely. */
#include "base/banned.h"
#include "report/html.h"

const char *const au_html_style[] = {
	":root{--ink:#1c2330;--soft:#5b6575;--line:#dde2ea;--bg:#f6f7f9;--card:#fff;--cod"
	"e:#f0f2f6;--link:#1f4fbf;\n",
	"--bad:#b3261e;--badbg:#fdeceb;--warn:#8a5a00;--warnbg:#fff4dc;--ok:#17653a;--okb"
	"g:#e6f5ec;--note:#3c5a86;--notebg:#e9eff8;\n",
	"--k0:#2b7a78;--k1:#3d9970;--k2:#7aa642;--k3:#b5a02c;--k4:#c98a1b;--k5:#d17420;--"
	"k6:#cf5a2b;--k7:#c24338;--k8:#b02e45;--k9:#7d2a4f;--k10:#7b8494}\n",
	"@media (prefers-color-scheme:dark){:root{--ink:#e6e9ef;--soft:#9aa5b5;--line:#32"
	"3a47;--bg:#12161d;--card:#1a2029;--code:#242b36;--link:#8fb4ff;\n",
	"--bad:#ff8f86;--badbg:#3a1c1b;--warn:#f0c060;--warnbg:#362a12;--ok:#7fd3a0;--okb"
	"g:#14301f;--note:#a9c3ec;--notebg:#1d2a3d}}\n",
	"*{box-sizing:border-box}\n",
	"html{-webkit-text-size-adjust:100%;scroll-behavior:smooth}\n",
	"body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.55 system-ui,-ap"
	"ple-system,\"Segoe UI\",Roboto,\"Helvetica Neue\",Arial,sans-serif}\n",
	"main,.top,nav,footer{max-width:1080px;margin:0 auto;padding:0 24px}\n",
	"a{color:var(--link);text-decoration-thickness:1px;text-underline-offset:2px}\n",
	"h1,h2,h3,h4{line-height:1.25;margin:0;font-weight:650;text-wrap:balance}\n",
	"h1{font-size:30px;letter-spacing:-.015em;overflow-wrap:anywhere}\n",
	"h2{font-size:21px;letter-spacing:-.01em;margin:48px 0 14px}\n",
	"h3{font-size:18px;overflow-wrap:anywhere}\n",
	"h4{font-size:12.5px;letter-spacing:.06em;text-transform:uppercase;color:var(--so"
	"ft);margin:24px 0 8px}\n",
	"p{margin:0 0 10px;max-width:72ch}\n",
	"code,.mono{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,\"Liberation "
	"Mono\",monospace;overflow-wrap:anywhere}\n",
	"code{background:var(--code);padding:1px 5px;border-radius:4px}\n",
	".top{padding-top:36px}\n",
	".eyebrow{font-size:13px;letter-spacing:.06em;text-transform:uppercase;color:var("
	"--soft);margin:0 0 4px}\n",
	".soft{color:var(--soft)}\n",
	".small{font-size:14px}\n",
	"nav{padding-top:14px;padding-bottom:4px;font-size:14.5px}\n",
	"nav a{margin-right:18px;white-space:nowrap;display:inline-block}\n",
	".verdict{border-radius:12px;padding:20px 24px;margin:20px 0 0;border:1px solid t"
	"ransparent}\n",
	".verdict b{font-size:26px;letter-spacing:-.01em;display:block;line-height:1.2;ma"
	"rgin-bottom:6px}\n",
	".verdict ul{margin:0;padding-left:18px}\n",
	".fail{background:var(--badbg);border-color:var(--bad)}.fail b{color:var(--bad)}\n",
	".pass{background:var(--okbg);border-color:var(--ok)}.pass b{color:var(--ok)}\n",
	".incomplete,.nothing-to-scan{background:var(--warnbg);border-color:var(--warn)}."
	"incomplete b,.nothing-to-scan b{color:var(--warn)}\n",
	".tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(118px,1fr));gap"
	":10px;margin:14px 0 0;padding:0;list-style:none}\n",
	".tiles li{background:var(--card);border:1px solid var(--line);border-radius:10px"
	";padding:10px 14px}\n",
	".tiles b{display:block;font-size:22px;font-weight:650;font-variant-numeric:tabul"
	"ar-nums;line-height:1.3}\n",
	".tiles span{font-size:13px;color:var(--soft)}\n",
	".tiles .hot b{color:var(--bad)}.tiles .warm b{color:var(--warn)}\n",
	".card{background:var(--card);border:1px solid var(--line);border-radius:12px;pad"
	"ding:20px 24px;margin:0 0 18px}\n",
	".head{display:flex;gap:8px 14px;align-items:baseline;flex-wrap:wrap;justify-cont"
	"ent:space-between}\n",
	".badge{font-size:12.5px;font-weight:600;border-radius:99px;padding:2px 10px;whit"
	"e-space:nowrap;background:var(--notebg);color:var(--note)}\n",
	".b-conflict,.b-critical,.b-high,.b-no-licence{background:var(--badbg);color:var("
	"--bad)}\n",
	".b-review,.b-medium{background:var(--warnbg);color:var(--warn)}\n",
	".b-clear{background:var(--okbg);color:var(--ok)}\n",
	".concl{font-size:17px;margin:10px 0 14px;max-width:none;overflow-wrap:anywhere}\n",
	".concl strong{font-weight:650}\n",
	".pair{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:8px 28p"
	"x;align-items:start}\n",
	".pair ol{margin:0;padding-left:22px}.pair ol li{margin-bottom:4px}\n",
	"svg{display:block;width:100%;height:auto}\n",
	"svg text{fill:var(--soft);font-family:inherit}\n",
	"svg .strong{fill:var(--ink);font-weight:600}\n",
	"svg .rail{stroke:var(--line)}\n",
	".plot{max-width:470px}.bar{max-width:none}\n",
	".f0{fill:var(--k0)}.f1{fill:var(--k1)}.f2{fill:var(--k2)}.f3{fill:var(--k3)}.f4{"
	"fill:var(--k4)}.f5{fill:var(--k5)}.f6{fill:var(--k6)}.f7{fill:var(--k7)}.f8{fill"
	":var(--k8)}.f9{fill:var(--k9)}.f10{fill:var(--k10)}\n",
	".legend{list-style:none;margin:12px 0 0;padding:0;display:flex;flex-wrap:wrap;ga"
	"p:4px 20px;font-size:14.5px}\n",
	".legend+.scroll{margin-top:14px}\n",
	".legend svg{display:inline-block;width:11px;height:11px;margin-right:7px;vertica"
	"l-align:-1px}\n",
	".scroll{overflow-x:auto;-webkit-overflow-scrolling:touch}\n",
	"table{border-collapse:collapse;width:100%;font-size:14.5px}\n",
	"th{text-align:left;font-weight:600;font-size:13px;color:var(--soft);border-botto"
	"m:1px solid var(--line);padding:6px 14px 6px 0;vertical-align:bottom;white-space"
	":nowrap}\n",
	"td{border-bottom:1px solid var(--line);padding:7px 14px 7px 0;vertical-align:top"
	"}\n",
	"tr:last-child td{border-bottom:0}\n",
	"td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}"
	"\n",
	"td.w,td.mono{min-width:18ch;overflow-wrap:anywhere}td.mono.hash{min-width:0;over"
	"flow-wrap:normal}\n",
	".conflict-box{border-left:3px solid var(--bad);padding:2px 0 2px 18px;margin:0 0"
	" 22px}\n",
	".conflict-box.s-medium{border-color:var(--warn)}.conflict-box.s-low,.conflict-bo"
	"x.s-info{border-color:var(--line)}\n",
	".sides{display:grid;grid-template-columns:repeat(auto-fit,minmax(250px,1fr));gap"
	":10px;margin:10px 0}\n",
	".side{background:var(--code);border-radius:8px;padding:10px 14px;font-size:14.5p"
	"x;overflow-wrap:anywhere}\n",
	".side span{display:block;font-size:12px;letter-spacing:.05em;text-transform:uppe"
	"rcase;color:var(--soft);margin-bottom:2px}\n",
	".side q,.side p{display:block;margin:4px 0 0}.side q{quotes:\"\\201c\" \"\\201d\"}\n",
	".do{font-size:15px}\n",
	".check{list-style:none;margin:0;padding:0}\n",
	".check li{padding:7px 0 7px 30px;position:relative;border-bottom:1px solid var(-"
	"-line)}\n",
	".check li:last-child{border-bottom:0}\n",
	".check li::before{content:\"\";position:absolute;left:2px;top:12px;width:14px;heig"
	"ht:14px;border:1.5px solid var(--soft);border-radius:3px}\n",
	".check li.bar::before{content:\"\\00d7\";border-color:var(--bad);color:var(--bad);f"
	"ont:700 15px/12px system-ui,sans-serif;text-align:center}\n",
	".check small{display:block;color:var(--soft);font-size:13.5px}\n",
	".rule{margin:0 0 18px}\n",
	".rule>.head{margin-bottom:8px}\n",
	".places{list-style:none;margin:12px 0 0;padding:0}\n",
	".places li{padding:9px 0;border-top:1px solid var(--line)}\n",
	".places .mono{font-weight:600}\n",
	"summary{cursor:pointer;color:var(--link);padding:4px 0}\n",
	".filter{display:flex;gap:12px;align-items:center;flex-wrap:wrap;margin:0 0 12px}"
	"\n",
	".filter[hidden]{display:none}\n",
	".filter input{font:inherit;color:inherit;background:var(--card);border:1px solid"
	" var(--soft);border-radius:8px;padding:7px 12px;width:min(420px,100%)}\n",
	".hash{white-space:nowrap}\n",
	"footer{padding-top:40px;padding-bottom:60px;color:var(--soft);font-size:14px}\n",
	"@media (max-width:640px){body{font-size:15.5px}main,.top,nav,footer{padding-left"
	":16px;padding-right:16px}h1{font-size:24px}\n",
	".card,.verdict{padding:16px}.pair{grid-template-columns:minmax(0,1fr)}.opt{displ"
	"ay:none}td,th{padding-right:10px}}\n",
	"@media print{:root{--bg:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--co"
	"de:#f3f3f3;--link:#000}\n",
	"body{font-size:10.5pt}nav,.filter{display:none}main,.top,footer{max-width:none;p"
	"adding:0}.card,.rule,.conflict-box{break-inside:avoid-page}\n",
	".card{border-color:#999}h2,h3,h4{break-after:avoid}details::details-content{cont"
	"ent-visibility:visible}a{text-decoration:none}}\n",
	NULL,
};

/* Only filters the inventory; everything can be read without it. */
const char *const au_html_script[] = {
	"(function(){var f=document.getElementById(\"f\"),t=document.getElementById(\"inv\"),"
	"c=document.getElementById(\"fc\");\n",
	"if(!f||!t)return;var r=[].slice.call(t.tBodies[0].rows),x=r.map(function(e){retu"
	"rn e.textContent.toLowerCase()}),w;\n",
	"f.parentNode.hidden=false;\n",
	"function go(){var q=f.value.toLowerCase().split(/\\s+/).filter(Boolean),n=0;\n",
	"r.forEach(function(e,i){var y=q.every(function(k){return x[i].indexOf(k)>=0});if"
	"(e.hidden===y)e.hidden=!y;n+=y});\n",
	"c.textContent=n+\" of \"+r.length+\" rows\"}\n",
	"f.addEventListener(\"input\",function(){clearTimeout(w);w=setTimeout(go,80)});go()"
	"})();\n",
	NULL,
};
