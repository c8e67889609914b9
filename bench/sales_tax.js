// node-sales-tax's own function, behind lines of JSON: one question in, one answer out. Measured by its own clock.
"use strict";

const salesTax = require("sales-tax");
const readline = require("readline");

const version = require("sales-tax/package.json").version;
const AMOUNT = 100;

// Its answer for a country without naming a state: its whole rate, as to a consumer at home.
async function answer(country) {
  const tax = await salesTax.getAmountWithSalesTax(country, null, AMOUNT);
  return { type: tax.type, rate: tax.rate, total: tax.total };
}

async function measure(countries, seconds) {
  const begun = process.hrtime.bigint();
  const enough = BigInt(Math.round(seconds * 1e9));
  let done = 0;
  let elapsed = 0n;
  while (elapsed < enough) {
    for (const country of countries) {
      await salesTax.getAmountWithSalesTax(country, null, AMOUNT);
    }
    done += countries.length;
    elapsed = process.hrtime.bigint() - begun;
  }
  return Number(elapsed) / done / 1e3;
}

async function handle(line) {
  const asked = JSON.parse(line);
  if (asked.op === "hello") {
    return { version: version, node: process.version };
  }
  if (asked.op === "answer") {
    const found = {};
    for (const country of asked.countries) {
      if (salesTax.hasSalesTax(country)) {
        found[country] = await answer(country);
      }
    }
    return found;
  }
  return { microseconds: await measure(asked.countries, asked.seconds) };
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    process.stdout.write(JSON.stringify(await handle(line)) + "\n");
  }
})();
