public import FoveaCore

/// The row formats of the toolkit, in one visible list.
public enum BuiltinRowFormats: BuiltinKinds {
  public static var sort: Sort<any RowFormat.Type> { .rowFormats }
  public static let all: [any RowFormat.Type] = [
    TableRows.self, JSONRows.self, CSVRows.self, SQLiteRows.self, NumPyRows.self,
  ]
}
