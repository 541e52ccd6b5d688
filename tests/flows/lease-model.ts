import { expect } from 'vitest';
import type { Database } from '../../src/ports/sql.ts';
import {
  claimShard,
  ClaimLost,
  finishShard,
  holdClaim,
  openCycle,
  releaseClaim,
  renewClaim,
  type Claim,
} from '../../src/store/cycles.ts';
import type { Dice } from '../dice.ts';
import { intervalMs } from './lease-campaign.ts';

interface ModelShard {
  fence: number | null;
  leaseUntil: number | null;
  isDone: boolean;
}

/** A transaction that holds its claim and has written, and has not ended yet. */
interface OpenWrite {
  claim: Claim;
  end(doCommit: boolean): Promise<void>;
}

interface Process {
  database: Database;
  name: string;
  /** What it believes to hold; a crash forgets it. */
  claims: Claim[];
  write: OpenWrite | null;
}

const kind = 'status';
const leaseMs = 30_000;

/** Some processes at one slot's shards, step by step, beside a model of who holds what. Each step answers what it saw. */
export class LeaseModel {
  readonly #slot: number;
  readonly #shards: ModelShard[];
  readonly #processes: Process[];
  readonly #expected: string[] = [];
  #now: number;

  constructor(databases: readonly Database[], at: number, shards: number) {
    this.#now = at;
    this.#slot = Math.floor(at / intervalMs);
    this.#shards = Array.from({ length: shards }, () => ({ fence: null, leaseUntil: null, isDone: false }));
    this.#processes = databases.map((database, n) => ({ database, name: `p${n}`, claims: [], write: null }));
  }

  get #sql() {
    return this.#processes[0]!.database.sql;
  }

  async open(): Promise<void> {
    const plan = this.#shards.map((_, part) => ({ connectionId: null, part, parts: this.#shards.length }));
    const cycle = { kind, slot: this.#slot, at: this.#now, plan } as const;
    await Promise.all(
      this.#processes.map(({ database }) => database.transaction((sql) => openCycle(sql, cycle))),
    );
  }

  async step(random: Dice): Promise<string> {
    const process = random.pick(this.#processes);
    if (process.write !== null && random.below(2) === 0) return this.#end(process, random.below(4) > 0);
    switch (random.below(9)) {
      case 0:
        this.#now += random.below(2 * leaseMs);
        return 'time';
      case 1:
      case 2:
        return this.#claim(process);
      case 3:
      case 4:
        return this.#write(process, random);
      case 5:
        return this.#renew(process, random);
      case 6:
        return this.#give(process, random);
      case 7:
        return this.#finish(process, random);
      default:
        return this.#crash(process);
    }
  }

  /** Ends everything that is open and compares all that was stored. */
  async settle(): Promise<string> {
    for (const process of this.#processes) if (process.write !== null) await this.#end(process, true);
    const rows = await this.#sql<{ text: string }>`
      select concat(shard, ' ', fence, ' ', owner, ' ', step) as text from writes
      where kind = ${kind} and slot = ${this.#slot}`;
    expect(rows.map(({ text }) => text).sort()).toEqual(this.#expected.toSorted());
    const shards = await this.#sql<ModelShard>`
      select case when owner is not null then fence end as fence, lease_until as "leaseUntil", finished_at is not null as "isDone"
      from shards where kind = ${kind} and slot = ${this.#slot} order by shard`;
    expect(shards).toEqual(this.#shards);
    return 'settled';
  }

  /** Whether an open transaction holds the shard, whoever's it is. */
  #isHeld(shard: number): boolean {
    return this.#processes.some(({ write }) => write?.claim.shard === shard);
  }

  #stands(claim: Claim): boolean {
    return this.#shards[claim.shard]?.fence === claim.fence;
  }

  /** A claim that this process may touch without waiting for a transaction of its own or of another. */
  #choose(process: Process, random: Dice): Claim | null {
    const free = process.claims.filter(({ shard }) => !this.#isHeld(shard));
    return free.length === 0 ? null : random.pick(free);
  }

  async #claim(process: Process): Promise<string> {
    const at = this.#now;
    const isFree = ({ leaseUntil, isDone }: ModelShard) =>
      !isDone && (leaseUntil === null || leaseUntil < at);
    const expected = this.#shards.findIndex((shard, n) => isFree(shard) && !this.#isHeld(n));
    const wasHeldOff = this.#shards.some((shard, n) => isFree(shard) && this.#isHeld(n));
    const got = await claimShard(process.database.sql, {
      ...{ kind, slot: this.#slot, owner: process.name, at, leaseMs },
    });
    expect(got?.claim.shard ?? -1).toBe(expected);
    if (got === null) return wasHeldOff ? 'claim held off' : 'nothing free';
    const shard = this.#shards[expected]!;
    const isTakeover = shard.fence !== null && shard.leaseUntil !== null;
    expect(got.claim.fence).toBeGreaterThan(Math.max(...this.#shards.map(({ fence }) => fence ?? 0)));
    Object.assign(shard, { fence: got.claim.fence, leaseUntil: at + leaseMs });
    process.claims.push(got.claim);
    return isTakeover ? 'taken over' : 'claimed';
  }

  async #write(process: Process, random: Dice): Promise<string> {
    const claim = process.write === null ? this.#choose(process, random) : null;
    if (claim === null) return 'nothing to write';
    const step = this.#expected.length;
    let begun = (_isHeld: boolean): void => {};
    const isHeld = new Promise<boolean>((resolve) => (begun = resolve));
    let finish = (_doCommit: boolean): void => {};
    const ending = new Promise<boolean>((resolve) => (finish = resolve));
    const done = process.database
      .transaction(async (sql) => {
        await holdClaim(sql, claim);
        await sql`insert into writes values (${kind}, ${claim.slot}, ${claim.shard}, ${claim.fence}, ${process.name}, ${step})`;
        begun(true);
        if (!(await ending)) throw new Error('given up');
      })
      .catch((error: unknown) => {
        if (error instanceof ClaimLost) begun(false);
        else if (!String(error).includes('given up')) throw error;
      });
    const held = await Promise.race([isHeld, done.then(() => false)]);
    expect(held).toBe(this.#stands(claim));
    if (!held) return 'write refused';
    process.write = {
      claim,
      end: async (doCommit) => {
        finish(doCommit);
        await done;
        if (doCommit) this.#expected.push(`${claim.shard} ${claim.fence} ${process.name} ${step}`);
      },
    };
    return 'writing';
  }

  async #end(process: Process, doCommit: boolean): Promise<string> {
    await process.write?.end(doCommit);
    process.write = null;
    return doCommit ? 'written' : 'rolled back';
  }

  async #renew(process: Process, random: Dice): Promise<string> {
    const claim = this.#choose(process, random);
    if (claim === null) return 'nothing to renew';
    const shard = this.#shards[claim.shard]!;
    const stands = this.#stands(claim) && !shard.isDone;
    const until = this.#now + leaseMs;
    expect(await renewClaim(process.database.sql, claim, until)).toBe(stands);
    if (stands) shard.leaseUntil = until;
    return stands ? 'renewed' : 'renew refused';
  }

  async #give(process: Process, random: Dice): Promise<string> {
    const claim = this.#choose(process, random);
    if (claim === null) return 'nothing to release';
    await releaseClaim(process.database.sql, claim, null);
    const shard = this.#shards[claim.shard]!;
    const stands = this.#stands(claim) && !shard.isDone;
    if (stands) shard.leaseUntil = null;
    return stands ? 'released' : 'release ignored';
  }

  async #finish(process: Process, random: Dice): Promise<string> {
    const claim = this.#choose(process, random);
    if (claim === null) return 'nothing to finish';
    await finishShard(process.database.sql, claim, this.#now, { by: process.name });
    const shard = this.#shards[claim.shard]!;
    const stands = this.#stands(claim);
    if (stands) Object.assign(shard, { isDone: true, leaseUntil: null });
    return stands ? 'finished' : 'finish ignored';
  }

  /** The process is gone with all that it knew; the database rolls back what it had not committed. */
  async #crash(process: Process): Promise<string> {
    await this.#end(process, false);
    process.claims = [];
    return 'crashed';
  }
}
