import { describe, expect, it } from 'vitest';
import { GraphError } from './errors.ts';
import { parseFields } from './fields.ts';

describe('the fields language', () => {
  it('reads names, subfields, modifiers and aliases', () => {
    const fields = parseFields(
      'name,business{id,name},insights.date_preset(today).as(p){spend,clicks},ads.limit(0)',
    );
    expect(fields.map(({ name, key }) => [name, key])).toEqual([
      ['name', 'name'],
      ['business', 'business'],
      ['insights', 'p'],
      ['ads', 'ads'],
    ]);
    expect(fields[1]?.fields.map(({ name }) => name)).toEqual(['id', 'name']);
    expect(fields[2]?.modifiers.get('date_preset')).toBe('today');
    expect(fields[2]?.fields.map(({ name }) => name)).toEqual(['spend', 'clicks']);
  });

  it('keeps brackets that stand inside an argument', () => {
    const [field] = parseFields('insights.time_range({"since":"2026-11-01","until":"2026-11-02"}){spend}');
    expect(field?.modifiers.get('time_range')).toBe('{"since":"2026-11-01","until":"2026-11-02"}');
  });

  it.each(['name,', 'business{id', 'insights.date_preset(today', 'a b', 'name}', ',name', 'insights.as'])(
    'refuses %s with code 2500',
    (text) => {
      expect(() => parseFields(text)).toThrow(GraphError);
      expect(() => parseFields(text)).toThrow(
        expect.objectContaining({ fields: { status: 400, code: 2500 } }),
      );
    },
  );
});
