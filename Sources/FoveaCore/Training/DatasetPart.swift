/// Which part of a data set is wanted.
public enum DatasetPart: String, Sendable, CaseIterable {
  /// What the network learns from.
  case training
  /// What training is watched by.
  case validation
  /// What the finished network is judged by.
  case test
}
