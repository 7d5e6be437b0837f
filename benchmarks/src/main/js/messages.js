// Messages between two sides in Node, as two contenders of benchmarks/bin/compare, with the same commands as MessageLoop.java.
// The argument is `cluster` or `threads`.
'use strict';

const cluster = require('node:cluster');
const readline = require('node:readline');
const { createHistogram } = require('node:perf_hooks');
const { Worker, isMainThread, parentPort } = require('node:worker_threads');

const WINDOW = 256;
const LENGTHS = { text: 100, bytes: 10 * 1024, transferred: 10 * 1024 };

const body = (payload) => payload === 'text' ? 'x'.repeat(LENGTHS.text) : Buffer.alloc(LENGTHS[payload], 'x');
const now = () => process.hrtime.bigint();
const deadline = (millis) => now() + BigInt(millis) * 1000000n;

// The receiver, which answers by `send`. Bodies are sent unchanged. An object with a member `command`, which is sent before them,
// says what to do with them.
function receiver(send) {
  let echoes = true;
  let messages = 0;
  let bytes = 0;
  let start;

  const commands = {
    echo: () => echoes = true,
    count() {
      echoes = false;
      messages = 0;
      bytes = 0;
    },
    mark: () => send({ mark: true }),
    end: () => send({ messages, bytes, nanos: String(now() - start) }),
  };

  return (message) => {
    if (message.command !== undefined) {
      commands[message.command]();
    } else if (echoes) {
      send(message);
    } else {
      if (messages++ === 0) start = now();
      bytes += message.length;
    }
  };
}

// The parts that differ between the two. `to(payload)` returns the side that receives this payload, with `send(message)`,
// `transfer(message)` where that is possible, `on('message')`, and `through(message)`, which sends the last message of a window
// and returns a promise that resolves when the window is through: for `cluster` when it was written to the channel, for `threads` when
// the receiver has got it.

function clusterSides() {
  const fork = (serialization) => {
    cluster.setupPrimary({ serialization });
    const worker = cluster.fork();
    return {
      worker,
      send: (message) => worker.send(message),
      through: (message) => new Promise((resolve, reject) => worker.send(message, (error) => error ? reject(error) : resolve())),
    };
  };
  const text = fork('json');
  const bytes = fork('advanced');
  return (payload) => payload === 'text' ? text : bytes;
}

function threadSides() {
  const worker = new Worker(__filename, { argv: ['threads'] });
  const send = (message) => worker.postMessage(message);
  const transfer = (message) => worker.postMessage(message, [message.buffer]);
  const marks = [];
  worker.on('message', (message) => {
    if (message.mark) marks.shift()();
  });
  const sendAndMark = (sendBody) => (message) => new Promise((resolve) => {
    marks.push(resolve);
    sendBody(message);
    send({ command: 'mark' });
  });
  return (payload) => payload === 'transferred' ? { worker, send, sendBody: transfer, through: sendAndMark(transfer) }
    : { worker, send, through: sendAndMark(send) };
}

function roundTrip(side, payload, millis) {
  const message = body(payload);
  const nanos = createHistogram();
  const end = deadline(millis);
  let start;
  side.send({ command: 'echo' });
  return new Promise((resolve, reject) => {
    const send = () => {
      start = now();
      side.send(message);
    };
    side.worker.on('message', function listener(answer) {
      const came = now();
      if (answer.length !== LENGTHS[payload]) reject(new Error(`what came back has ${answer.length} B`));
      nanos.record(came - start);
      if (came < end) {
        send();
      } else {
        side.worker.off('message', listener);
        resolve(`round-trip ${nanos.percentile(50)} ${nanos.percentile(99)}`);
      }
    });
    send();
  });
}

async function oneWay(side, payload, millis) {
  const same = body(payload);
  const next = payload === 'transferred' ? () => new Uint8Array(LENGTHS.transferred) : () => same;
  const sendBody = side.sendBody ?? side.send;
  const end = deadline(millis);
  let sent = 0;
  const sendWindow = () => {
    for (let i = 1; i < WINDOW; i++) sendBody(next());
    sent += WINDOW;
    return side.through(next());
  };
  side.send({ command: 'count' });
  let before = sendWindow();
  do {
    const window = sendWindow();
    await before;
    before = window;
  } while (now() < end);
  await before;
  const { messages, bytes, nanos } = await new Promise((resolve) => {
    side.worker.on('message', function listener(answer) {
      if (answer.messages === undefined) return;
      side.worker.off('message', listener);
      resolve(answer);
    });
    side.send({ command: 'end' });
  });
  if (messages !== sent || bytes !== sent * LENGTHS[payload]) {
    throw new Error(`of ${sent} messages of ${LENGTHS[payload]} B ${messages} have come, with ${bytes} B`);
  }
  return `one-way ${messages - 1} ${nanos}`;
}

function obey(to) {
  const commands = { 'round-trip': roundTrip, 'one-way': oneWay };
  const lines = readline.createInterface({ input: process.stdin });
  lines.on('line', async (line) => {
    const [command, payload, millis] = line.split(' ');
    console.log(await commands[command](to(payload), payload, Number(millis)));
  });
  lines.on('close', () => process.exit(0)); // workers end with their channel
}

if (process.argv[2] === 'cluster') {
  if (cluster.isPrimary) {
    obey(clusterSides());
  } else {
    process.on('message', receiver((message) => process.send(message)));
  }
} else if (isMainThread) {
  obey(threadSides());
} else {
  parentPort.on('message', receiver((message) => parentPort.postMessage(message)));
}
