/// What a layer's author can declare where a check fails that the layer is not meant to pass: said by the check itself.
enum Declaration {
  static let differsInTraining =
    "Where the layer does something else in training than in use, as dropout does, declare it: 'differsInTraining' in "
    + "the options of its ContractExamples."
  static let mixesExamples =
    "A layer that looks across its batch, as a normalization may, has 'mixesExamples' say true. "
    + differsInTraining
  static let surrogateGradient =
    "Where the gradient is meant to be another function's, as a rounding layer's that lets it straight through, declare "
    + "it: 'hasSurrogateGradient' in the options of its ContractExamples."
  static let leavesElementsUntouched =
    "Where single elements are not meant to count, declare it: 'leavesElementsUntouched' in the options of its "
    + "ContractExamples."
  static let largeFactor =
    "Where a function grows beyond all numbers, as an exponential does, declare how much larger than usual its inputs "
    + "may be: 'largeFactor' in the options of its ContractExamples."
}
