// Node's own cluster, as a contender of benchmarks/bin/compare: the same commands as in MasterLoop.java, the same answers
// as in Hello.java. Its argument is the port.
'use strict';

const cluster = require('node:cluster');
const http = require('node:http');
const readline = require('node:readline');

if (cluster.isPrimary) {
  primary();
} else {
  worker(Number(process.argv[2]));
}

function primary() {
  let ending = false;
  cluster.on('exit', () => {
    if (!ending) cluster.fork();
  });

  const count = (event, n) => new Promise((resolve) => {
    cluster.on(event, function listener() {
      if (--n === 0) {
        cluster.off(event, listener);
        resolve(process.hrtime.bigint());
      }
    });
  });

  async function up(workers) {
    const events = [count('online', workers), count('listening', workers)];
    const start = process.hrtime.bigint();
    for (let i = 0; i < workers; i++) cluster.fork();
    const [online, listening] = await Promise.all(events);
    return `up ${online - start} ${listening - start}`;
  }

  async function down() {
    ending = true;
    const workers = Object.values(cluster.workers);
    await Promise.all(workers.map((worker) => new Promise((resolve) => {
      worker.once('exit', resolve);
      worker.disconnect();
    })));
    ending = false;
    return 'down';
  }

  async function collect() {
    global.gc();
    await Promise.all(Object.values(cluster.workers).map((worker) => new Promise((resolve) => {
      worker.once('message', resolve);
      worker.send('collect');
    })));
    return 'collected';
  }

  const commands = { up, down, collect };
  const lines = readline.createInterface({ input: process.stdin });
  lines.on('line', async (line) => {
    const [command, argument] = line.split(' ');
    console.log(await commands[command](Number(argument)));
  });
  lines.on('close', () => {
    ending = true;
    process.exit(0); // workers end with their channel to the primary
  });
}

function worker(port) {
  const body = `hello from worker ${cluster.worker.id}\n`;
  const headers = { 'Content-Length': Buffer.byteLength(body) };
  http.createServer((request, response) => {
    if (request.url === '/crash') {
      setImmediate(() => {
        throw new Error('as asked');
      });
    }
    response.writeHead(200, headers);
    response.end(body);
  }).listen(port, '127.0.0.1');
  process.on('message', () => {
    global.gc();
    process.send('collected');
  });
}
