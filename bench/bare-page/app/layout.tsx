import type { ReactNode } from 'react';

const css =
  'body{margin:0;font:14px/1.35 system-ui}main{display:grid;grid-template-columns:repeat(auto-fill,minmax(300px,1fr));gap:10px;padding:10px}' +
  'article{border-radius:8px;padding:10px;background:#eee}h2{font-size:14px;margin:0;display:flex;justify-content:space-between}' +
  '.bar{height:6px;background:#ccc}.bar i{display:block;height:6px;background:#0b7266}';

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <head>
        <style dangerouslySetInnerHTML={{ __html: css }} />
      </head>
      <body>{children}</body>
    </html>
  );
}
