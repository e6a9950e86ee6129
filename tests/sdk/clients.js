// Runs with the packages of this folder: the Node libraries, pointed at a host and used.
// `node clients.js <host> <keys as JSON>` prints what went wrong, by library.
"use strict";

const amplitude = require("@amplitude/analytics-node");
const Mixpanel = require("mixpanel");
const RudderStack = require("@rudderstack/rudder-sdk-node");
const { Analytics } = require("@segment/analytics-node");
const { PostHog } = require("posthog-node");

const [host, keys] = [process.argv[2], JSON.parse(process.argv[3])];
const event = "Report Exported";
const properties = { feature: "reports" };
const email = (userId) => `${userId}@acme.example`;

async function segment(writeKey, userId, faults) {
  const client = new Analytics({ writeKey, host, flushAt: 4, flushInterval: 200 });
  client.on("error", (fault) => faults.push(String(fault.reason || fault)));
  client.identify({ userId, traits: { email: email(userId) } });
  client.group({ userId, groupId: "acme", traits: { name: "Acme" } });
  client.track({ userId, event, properties });
  client.page({ userId, name: "Home" });
  await client.closeAndFlush({ timeout: 20000 });
}

async function rudder(key, userId, faults) {
  const client = new RudderStack(key, { dataPlaneUrl: host, flushAt: 20, flushInterval: 100000 });
  client.group({ userId, groupId: "acme", traits: { name: "Acme" } });
  client.track({ userId, event, properties });
  await client.flush((fault) => fault && faults.push(String(fault)));
}

async function posthog(key, userId, faults) {
  const options = { host, flushAt: 20, fetchRetryDelay: 200 };
  const client = new PostHog(key, options);
  client.on("error", (fault) => faults.push(String(fault)));
  client.identify({ distinctId: userId, properties: { email: email(userId) } });
  client.groupIdentify({ groupType: "company", groupKey: "acme", properties: { name: "Acme" } });
  client.capture({ distinctId: userId, event, properties, groups: { company: "acme" } });
  const flags = await client.getAllFlags(userId);
  if (Object.keys(flags).length) faults.push("there should be no switches");
  await client.shutdown();
}

async function mixpanel(key, userId, faults) {
  const { hostname, port } = new URL(host);
  const client = Mixpanel.init(key, { host: hostname, port: Number(port), protocol: "http", key });
  const own = { distinct_id: userId, company: "acme", ...properties };
  const each = (call) => new Promise((done) => {
    call((fault) => {
      for (const one of [fault].flat()) if (one) faults.push(String(one));
      done();
    });
  });
  await each((done) => client.track(event, own, done));
  await each((done) => client.people.set(userId, { $email: email(userId) }, done));
  await each((done) => client.groups.set("company", "acme", { name: "Acme" }, done));
  const batch = [1, 2].map(() => ({ event: "In A Batch", properties: { ...own } }));
  await each((done) => client.track_batch(batch, done));
  await each((done) => client.import("Old Report", 1760000000, { ...own }, done));
}

async function ampli(key, userId, faults) {
  const client = amplitude.createInstance();
  const quiet = { serverUrl: `${host}/2/httpapi`, logLevel: amplitude.Types.LogLevel.None };
  await client.init(key, { ...quiet, flushIntervalMillis: 100 }).promise;
  const who = new amplitude.Identify().set("email", email(userId));
  client.identify(who, { user_id: userId });
  const groups = { company: "acme" };
  const sent = client.track(event, properties, { user_id: userId, groups });
  const { code, message } = await sent.promise;
  if (code !== 200) faults.push(`${code} ${message}`);
  await client.flush().promise;
}

const libraries = {
  "segment-node": segment,
  "rudder-node": rudder,
  "posthog-node": posthog,
  "mixpanel-node": mixpanel,
  "amplitude-node": ampli,
};

async function main() {
  const faults = {};
  await Promise.all(
    Object.entries(libraries).map(async ([name, use]) => {
      faults[name] = [];
      await use(keys[name], name, faults[name]).catch((fault) => faults[name].push(String(fault)));
    }),
  );
  console.log(JSON.stringify(faults));
  process.exit(0);
}

main();
