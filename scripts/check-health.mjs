// Exit status 0 while /api/health says that all is well; for containers. It is not well before the first figures are in.
const port = process.env.PORT ?? 3000;
try {
  const answer = await fetch(`http://127.0.0.1:${port}/api/health`, { signal: AbortSignal.timeout(5000) });
  console.log(await answer.text());
  process.exitCode = answer.ok ? 0 : 1;
} catch (error) {
  console.error(String(error));
  process.exitCode = 1;
}
