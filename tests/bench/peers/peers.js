'use strict';
// peers.js - another rule engine on the twenty rules: the same answers, then its time.
//
//     node peers.js MODULES CASES json-rules-engine|zen-engine
//
// MODULES is the folder that npm installed into, CASES what peer_cases wrote.
// First all cases must fire what ours fired; then the sample payment, the first
// case, is judged in a warmed-up loop.  Prints "MEDIAN_NS ENGINE VERSION".
const fs = require('fs');
const path = require('path');
const { createRequire } = require('module');

const [modules, casesFile, name] = process.argv.slice(2);
const load = createRequire(path.resolve(modules, 'package.json'));
const BATCHES = 31;
const BATCH_NS = 20e6;
const WARM_UP_NS = 1000000000n;

function read(...parts) {
  return JSON.parse(fs.readFileSync(path.join(...parts), 'utf8'));
}

// json-rules-engine knows no "some element of this list has this field": every
// field of the goods is a fact of its own, a list.  Facts without a path are
// looked up quickest, so all of them are flat; and conditions that rules share
// are named once.
const jsonRulesEngine = {
  package: 'json-rules-engine',
  facts({ payment, goods, kits }) {
    const flat = { goods_count: goods.length };
    const walk = (prefix, value) => {
      for (const [key, inner] of Object.entries(value)) {
        if (Array.isArray(inner) || typeof inner !== 'object') flat[`${prefix}.${key}`] = inner;
        else walk(`${prefix}.${key}`, inner);
      }
    };
    walk('payment', payment);
    for (const field of ['hs_code', 'tier', 'group', 'role'])
      flat[`goods_${field}`] = goods.map((line) => line[field]);
    flat.kit_coverage = Math.max(0, ...kits.map((kit) => kit.coverage));
    return flat;
  },
  open() {
    const { Engine } = load('json-rules-engine');
    const transit = ['AE', 'AM', 'GE', 'KG', 'KZ', 'RS', 'TJ', 'TR', 'UZ'];
    const shared = {
      russia: {
        any: [
          ['payment.debtor.country', 'equal', 'RU'],
          ['payment.ultimate_debtor.country', 'equal', 'RU'],
          ['payment.trade.destination_country', 'equal', 'RU'],
        ],
      },
      transit: ['payment.debtor.country', 'in', transit],
    };
    const expand = (condition) => {
      if (typeof condition === 'string') return expand(shared[condition]);
      if (Array.isArray(condition))
        return { fact: condition[0], operator: condition[1], value: condition[2] };
      const kind = condition.all ? 'all' : 'any';
      return { [kind]: condition[kind].map(expand) };
    };
    const engine = new Engine();
    for (const { id, ...condition } of read(__dirname, 'rules20-json-rules-engine.json'))
      engine.addRule({ conditions: expand(condition), event: { type: id } });
    return async (facts) => {
      const { events } = await engine.run(facts);
      return events;
    };
  },
  ids: (events) => events.map((event) => event.type),
};

// One expression a rule, all in one node; the decision is made once.
const zenEngine = {
  package: '@gorules/zen-engine',
  facts: ({ payment, goods, kits }) => ({ payment, goods, kits }),
  open() {
    const { ZenEngine } = load('@gorules/zen-engine');
    const expressions = read(__dirname, 'rules20-zen-engine.json').map(({ id, when }) => ({
      id,
      key: id,
      value: when,
    }));
    const decision = new ZenEngine().createDecision({
      nodes: [
        { id: 'in', name: 'in', type: 'inputNode' },
        { id: 'rules', name: 'rules', type: 'expressionNode', content: { expressions } },
        { id: 'out', name: 'out', type: 'outputNode' },
      ],
      edges: [
        { id: 'a', sourceId: 'in', targetId: 'rules', type: 'edge' },
        { id: 'b', sourceId: 'rules', targetId: 'out', type: 'edge' },
      ],
    });
    return async (facts) => (await decision.evaluate(facts)).result;
  },
  ids: (result) => Object.keys(result).filter((id) => result[id]),
};

const engines = { 'json-rules-engine': jsonRulesEngine, 'zen-engine': zenEngine };

async function check(engine, judge, cases) {
  for (const [number, one] of cases.entries()) {
    const fired = engine.ids(await judge(engine.facts(one))).sort().join(' ');
    if (fired !== one.fired.trim())
      throw new Error(`case ${number}: ${name} fires "${fired}", ours "${one.fired.trim()}"`);
  }
}

async function batch(judge, facts, repeats) {
  const begin = process.hrtime.bigint();
  for (let i = 0; i < repeats; i++) await judge(facts);
  return Number(process.hrtime.bigint() - begin) / repeats;
}

async function main() {
  const engine = engines[name];
  const cases = read(casesFile);
  const judge = engine.open();
  await check(engine, judge, cases);

  const facts = engine.facts(cases[0]);
  const began = process.hrtime.bigint();
  let ns = 1e6;
  while (process.hrtime.bigint() - began < WARM_UP_NS) ns = await batch(judge, facts, 200);
  const repeats = Math.max(1, Math.round(BATCH_NS / ns));
  const times = [];
  for (let i = 0; i < BATCHES; i++) times.push(await batch(judge, facts, repeats));
  times.sort((a, b) => a - b);
  const { version } = read(modules, 'node_modules', engine.package, 'package.json');
  console.log(`${Math.round(times[BATCHES >> 1])} ${name} ${version} ${cases.length}`);
  process.exit(0);
}

main().catch((error) => {
  console.error(`peers.js: ${error.message}`);
  process.exit(1);
});
