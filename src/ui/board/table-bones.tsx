/** Stands where the table will, while it loads; of the same height, so that nothing shifts. */
export function TableBones() {
  return (
    <div className="table-wrap table-bones" role="status">
      <span className="vh">Loading the table</span>
    </div>
  );
}
