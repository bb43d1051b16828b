public import FoveaCore

/// The projections of the toolkit, in one visible list.
public enum BuiltinProjections: BuiltinKinds {
  public static var sort: Sort<any ProjectionMethod.Type> { .projections }
  public static let all: [any ProjectionMethod.Type] = [PCAProjection.self, TSNEProjection.self, UMAPProjection.self]
}
