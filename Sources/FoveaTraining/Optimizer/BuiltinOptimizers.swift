public import FoveaCore

/// The optimizers of the toolkit, in one visible list.
public enum BuiltinOptimizers {
  public static let all: [any Optimizer.Type] = [
    StochasticGradientDescent.self, Adam.self, AdamW.self, RootMeanSquarePropagation.self, Lion.self,
    DiagonalLevenbergMarquardt.self,
  ]

  /// - Throws: ``RegistryError`` where one of the names is taken.
  public static func register(in registry: inout Registry) throws(RegistryError) {
    for type in all { try registry.register(type, from: .builtin) }
  }
}
