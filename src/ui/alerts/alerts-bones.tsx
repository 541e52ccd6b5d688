/** What stands where the alerts will be, if they take longer than a blink. */
export function AlertsBones() {
  return (
    <div className="bones" role="status">
      <span className="vh">Loading the alerts</span>
      <div className="bone bone--head" />
      {Array.from({ length: 6 }, (_, place) => (
        <div key={place} className="bone" />
      ))}
    </div>
  );
}
