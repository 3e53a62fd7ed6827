// A small application on the official Node SDK: places a call, hears of it, lists it and is refused once.
// Usage: node call.mjs BASE_URL ACCOUNT_SID AUTH_TOKEN FROM TO. What it saw is printed as one line of JSON.
import http from "node:http";
import twilio from "twilio";

const [baseUrl, accountSid, authToken, from, to] = process.argv.slice(2);
const client = twilio(accountSid, authToken);
client.api.baseUrl = baseUrl;
client.pricing.baseUrl = baseUrl;

// News comes in any order; ringing is left out when somebody answers fast.
const EXPECTED = ["initiated", "in-progress", "completed"];
const hits = [];
let hangUp;
const ended = new Promise((resolve) => { hangUp = resolve; });

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString("utf8")));
}

const server = http.createServer(async (request, response) => {
  const parameters = await bodyOf(request);
  const url = `http://${request.headers.host}${request.url}`;
  const signature = request.headers["x-twilio-signature"];
  hits.push({
    path: request.url,
    status: parameters.CallStatus,
    valid: twilio.validateRequest(authToken, signature, url, parameters),
    altered: twilio.validateRequest(authToken, signature, url, { ...parameters, From: "+10000000000" }),
  });
  const document = new twilio.twiml.VoiceResponse();
  document.say({ language: "es-ES" }, "Hola, ¿qué tal está?");
  response.writeHead(200, { "Content-Type": "text/xml" }).end(document.toString());
  if (EXPECTED.every((status) => hits.some((hit) => hit.path === "/status" && hit.status === status))) hangUp();
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const application = `http://127.0.0.1:${server.address().port}`;

const created = await client.calls.create({
  to,
  from,
  url: `${application}/voice?run=9&name=Jos%C3%A9`,
  statusCallback: `${application}/status`,
  statusCallbackEvent: ["initiated", "ringing", "answered", "completed"],
});
await ended;
await client.calls.create({ to, from, twiml: "<Response><Hangup/></Response>" });
const listed = await client.calls.list({ to, pageSize: 1 });
const fetched = await client.calls(created.sid).fetch();
const spain = await client.pricing.v2.voice.countries("ES").fetch();
const refused = await client.calls.create({ to: "600", from, url: application }).catch((error) => error);
server.close();
server.closeAllConnections();

console.log(JSON.stringify({
  created: { sid: created.sid, status: created.status, direction: created.direction, date: created.dateCreated },
  listed: listed.map((call) => call.sid),
  fetched: { status: fetched.status, duration: fetched.duration, to: fetched.to, uri: fetched.uri },
  refused: { status: refused.status, code: refused.code, message: refused.message, moreInfo: refused.moreInfo },
  country: spain.isoCountry,
  hits,
}));
