'use client';

import type { RefObject } from 'react';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';

/** A fleet of up to so many is drawn whole, so that the browser's own search finds everything. */
const drawnWhole = 120;
/** What the server draws of a larger one: more than any first screen holds. */
const firstDrawn = 48;
/** Rows beside the screen that are drawn as well, so that a turn of the wheel finds them ready. */
const rowsBeside = 2;

interface Shape {
  columns: number;
  /** Height of a row with the gap below it, px; 0 before it was measured. */
  rowPx: number;
}

interface Window {
  /** The grid itself has to bear it. */
  grid: RefObject<HTMLDivElement | null>;
  from: number;
  to: number;
  /** Brings a place onto the screen, so that it is drawn. */
  reveal: (place: number) => void;
}

function shapeOf(grid: HTMLElement): Shape {
  const { gridTemplateColumns, rowGap } = getComputedStyle(grid);
  const height = grid.querySelector('article')?.getBoundingClientRect().height ?? 0;
  return { columns: gridTemplateColumns.split(' ').length, rowPx: height + (parseFloat(rowGap) || 0) };
}

/** By pairs of rows: a slow turn of the wheel does not draw anew with each of them. */
const even = (row: number) => Math.floor(row / 2) * 2;

/** Which of `count` equally large parts of a grid that scrolls with the page to draw; the others are empty space. */
export function useWindow(count: number): Window {
  const grid = useRef<HTMLDivElement>(null);
  const isWhole = count <= drawnWhole;
  const [drawn, setDrawn] = useState({ from: 0, to: firstDrawn, columns: 1, rowPx: 0 });
  const shape = useRef<Shape>(drawn);

  const follow = useCallback(() => {
    const { columns, rowPx } = shape.current;
    if (grid.current === null || rowPx === 0) return;
    const { top } = grid.current.getBoundingClientRect();
    // The page may have become so much shorter that it ends above what was being read.
    const last = Math.max(0, even(Math.ceil(count / columns) - 2 * rowsBeside));
    const firstRow = Math.min(last, Math.max(0, even(Math.floor(-top / rowPx) - rowsBeside)));
    const endRow = Math.max(firstRow + 4, even(Math.ceil((innerHeight - top) / rowPx) + rowsBeside + 1));
    const [from, to] = [firstRow * columns, endRow * columns];
    setDrawn((before) =>
      before.from === from && before.to === to && before.rowPx === rowPx
        ? before
        : { from, to, columns, rowPx },
    );
  }, [count]);

  useLayoutEffect(() => {
    if (isWhole || grid.current === null) return;
    const measure = () => {
      if (grid.current !== null) shape.current = shapeOf(grid.current);
      follow();
    };
    measure();
    const watch = new ResizeObserver(measure);
    // Its width only: the height follows from what is drawn.
    watch.observe(document.body);
    return () => watch.disconnect();
  }, [isWhole, follow]);
  useEffect(() => {
    if (isWhole) return;
    addEventListener('scroll', follow, { passive: true });
    return () => removeEventListener('scroll', follow);
  }, [isWhole, follow]);

  const from = isWhole || drawn.from >= count ? 0 : drawn.from;
  const to = isWhole ? count : Math.min(count, Math.max(drawn.to, from + 1));
  const { columns, rowPx } = drawn;
  useLayoutEffect(() => {
    const space = (parts: number) => (isWhole ? '' : `${Math.ceil(parts / columns) * rowPx}px`);
    grid.current?.style.setProperty('padding-top', space(from));
    grid.current?.style.setProperty('padding-bottom', space(count - to));
  }, [isWhole, from, to, count, columns, rowPx]);

  const reveal = useCallback(
    (place: number) => {
      const { columns: inRow, rowPx: height } = shape.current;
      if (isWhole || grid.current === null || height === 0) return;
      const top = grid.current.getBoundingClientRect().top + scrollY;
      scrollTo({ top: top + Math.floor(place / inRow) * height - innerHeight / 3 });
    },
    [isWhole],
  );
  return { grid, from, to, reveal };
}
