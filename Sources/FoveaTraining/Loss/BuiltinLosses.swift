public import FoveaCore

/// The losses of the toolkit, in one visible list.
public enum BuiltinLosses {
  public static func register(in registry: inout Registry) throws(RegistryError) {
    try registry.register(SoftmaxCrossEntropy.self, from: .builtin)
    try registry.register(BinaryCrossEntropy.self, from: .builtin)
    try registry.register(MeanSquaredError.self, from: .builtin)
    try registry.register(MaximumLikelihood.self, from: .builtin)
    try registry.register(MaximumAPosteriori.self, from: .builtin)
  }
}
