import Fovea
import Testing

@Suite struct ProfileCommandTests {
  @Test func namesEachLayerOfAModelFile() throws {
    let model = try TrainedStripes.get().model
    let result = try Program.run(
      "profile", model, "--json", "--seconds", "0", "--batch-size", "4", "--threads", "1")
    result.expectSuccess()
    let json = try JSON.read(result.output)
    #expect(json.keys == ["model", "input", "batchSize", "threads", "training", "inference"])
    #expect(json["batchSize"] == 4 && json["threads"] == 1)
    for (pass, kind) in [("training", "forward"), ("inference", "inference")] {
      let report = try #require(json[pass])
      let names = try #require(report["steps"]).elements.compactMap { $0["name"]?.text }
      #expect(names.joined(separator: " + ").hasPrefix("c1 + "))
      #expect(Set(names).count == names.count)
      let shares = try #require(report["steps"]).elements.compactMap { $0[kind]?["share"]?.number }
      #expect(shares.count == names.count && shares.reduce(0, +) < 1)
    }
  }

  @Test(arguments: Architecture.all.map(\.name)) func showsEveryArchitecture(_ name: String) throws {
    let result = try Program.run("profile", name, "--seconds", "0", "--batch-size", "2")
    result.expectSuccess()
    #expect(result.output.hasPrefix(name))
    #expect(result.lines.filter { $0.hasPrefix("whole") }.count == 2)
    #expect(result.lines.filter { $0.hasPrefix("update") }.count == 1)
  }

  @Test func takesAnotherSize() throws {
    let result = try Program.run("profile", "lenet", "--seconds", "0", "--batch-size", "1", "--input-size", "40")
    result.expectSuccess()
    #expect(result.output.contains("1×40×40"))
  }

  @Test func saysWhatIsWrong() throws {
    try Program.run("profile", "lenette").expectFailure(saying: "did you mean 'lenet'")
    try Program.run("profile", "lenet", "--batch-size", "0").expectFailure(64, saying: "--batch-size")
    try Program.run("profile", "lenet", "--input-size", "3").expectFailure(saying: "c1")
    try Program.run("profile", "resnet18", "--batch-size", "1000000").expectFailure(
      saying: "there is no memory for 1,000,000 examples at once")
    // One extent, and the product of all, that no shape can have.
    try Program.run("profile", "lenet", "--input-size", "99999999999").expectFailure(saying: "memory can address")
    try Program.run("profile", "cats-and-dogs", "--input-size", "3000000000").expectFailure(
      saying: "memory can address")
  }
}

/// The environment chooses among the toolkit's own kernels.
@Suite struct InstructionsTests {
  private static let profile = ["profile", "lenet", "--seconds", "0", "--batch-size", "32"]

  @Test(arguments: VectorInstructions.allCases.filter(\.isAvailable))
  func profileNamesThoseAskedFor(_ instructions: VectorInstructions) throws {
    let result = try Program.start(Self.profile, environment: ["FOVEA_INSTRUCTIONS": "\(instructions)"]).finish()
    result.expectSuccess()
    #expect(result.output.contains("pooled:\(instructions)"))
    for other in VectorInstructions.allCases where other != instructions {
      #expect(!result.output.contains("pooled:\(other)") && !result.output.contains("interleaved:\(other)"))
    }
  }

  @Test func withoutTheVariableTheBestAreTaken() throws {
    let result = try Program.start(Self.profile, environment: ["FOVEA_INSTRUCTIONS": ""]).finish()
    result.expectSuccess()
    #expect(result.output.contains("pooled:\(VectorInstructions.best)"))
  }

  private static let missing = VectorInstructions.allCases.filter { !$0.isAvailable }.map { "\($0)" }

  @Test(arguments: ["avx3", "AVX2", " avx2", "sse"] + missing)
  func whatIsNotThereIsAnError(_ name: String) throws {
    try Program.start(Self.profile, environment: ["FOVEA_INSTRUCTIONS": name]).finish()
      .expectFailure(saying: "FOVEA_INSTRUCTIONS", "'\(name)'", "'portable'")
  }

  @Test(.enabled(if: Precision.bfloat16.isAvailable, "this processor has no bfloat16 instructions"))
  func othersHaveNoBFloat16() throws {
    try Program.start(Self.profile + ["--precision", "bfloat16"], environment: ["FOVEA_INSTRUCTIONS": "avx2"]).finish()
      .expectFailure(saying: "bfloat16")
  }
}
