import FoveaCore
import Testing

// A sort of its own, all of it: no other file names it.

/// In which order examples come.
private protocol Sampler: ConfigurableKind, Configurable {
  func first(of count: Int) -> Int
}

extension Sort where Member == any Sampler.Type {
  fileprivate static var samplers: Sort { Sort("samplers", noun: "sampler", place: .recipe("sampler")) { $0 } }
}

extension Registry {
  fileprivate mutating func register<S: Sampler>(
    _ type: S.Type, from origin: Origin = .program
  ) throws(RegistryError) {
    try register(type, in: .samplers, from: origin)
  }

  fileprivate func makeSampler(_ description: KindDescription) throws(KindError) -> any Sampler {
    try make(description, of: .samplers) { settings, type throws(KindError) in try settings.read(type) }
  }
}

private struct Backward: Sampler {
  static let kind = "backward"
  static let summary = "the last one first"
  static let explanations = ["skip": "how many to leave out"]
  var skip = 0

  struct Refusal: Error, CustomStringConvertible { let description: String }

  func checkSettings() throws {
    guard skip >= 0 else { throw Refusal(description: "'skip' must be 0 or more, but is \(skip)") }
  }

  func first(of count: Int) -> Int { count - 1 - skip }
}

private struct Forward: Sampler {
  static let kind = "forward"
  func first(of count: Int) -> Int { 0 }
}

/// Of another sort.
private struct Black: ColorMap {
  static let kind = "black"
  var table: [UInt8] { [UInt8](repeating: 0, count: 768) }
}

/// What is written once over all sorts, and a sort in one file that all of it works for.
struct RegistryTests {
  private static let stranger = Origin.plugin(name: "Stranger", version: "1.0.0")

  private static func registry() throws -> Registry {
    var registry = Registry()
    try registry.register(Black.self, from: .builtin)
    try registry.register(Forward.self)
    try registry.register(Backward.self, from: stranger)
    return registry
  }

  @Test func aSortOfOneFileIsListedWithItsKindsAndTheirSettings() throws {
    let registry = try Self.registry()
    #expect(registry.sorts.map(\.name) == ["colorMaps", "samplers"])
    let sort = try #require(registry.sorts.last)
    #expect(sort.noun == "sampler" && sort.plural == "samplers" && sort.place == .recipe("sampler"))
    #expect(sort.registered.map(\.kind) == ["backward", "forward"])
    #expect(sort.registered.map(\.origin) == [Self.stranger, .program])
    let backward = try #require(registry.registered("sampler", "backward"))
    #expect(backward.type.summary == "the last one first")
    let skip = try #require(try backward.settings().first)
    #expect(skip.key == "skip" && skip.default == 0 && skip.explanation == "how many to leave out")
    #expect(registry.registered("color map", "backward") == nil)
    #expect(registry[.samplers].kinds == ["backward", "forward"])
  }

  @Test func itsKindsAreMadeOfStrictConfigurations() throws {
    let registry = try Self.registry()
    func make(_ kind: String, _ settings: [String: ConfigurationValue] = [:]) throws(KindError) -> Int {
      try registry.makeSampler(KindDescription(kind: kind, configuration: settings)).first(of: 10)
    }
    #expect(try make("forward") == 0)
    #expect(try make("backward") == 9)
    #expect(try make("backward", ["skip": 2]) == 7)
    let owner = "sampler 'backward'"
    #expect(throws: KindError.configuration(.unknownKey(owner: owner, key: "skp", known: ["skip"]))) {
      try make("backward", ["skp": 1])
    }
    #expect(throws: KindError.invalid(owner: owner, problem: "'skip' must be 0 or more, but is -1")) {
      try make("backward", ["skip": -1])
    }
  }

  private func message(_ kind: String, in registry: Registry) -> String? {
    do throws(KindError) {
      _ = try registry.makeSampler(KindDescription(kind: kind))
      return nil
    } catch { return error.description }
  }

  @Test func anUnknownKindIsToldFromOneInTheWrongPlace() throws {
    let registry = try Self.registry()
    #expect(
      message("bckward", in: registry)
        == "unknown sampler 'bckward'; did you mean 'backward'? Known: backward, forward")
    #expect(
      message("black", in: registry)
        == "unknown sampler 'black'; it is one of the color maps, which belong behind '--colormap' on the command line."
        + " Known: backward, forward")
    #expect(message("forward", in: Registry()) == "unknown sampler 'forward'. There are none.")
  }

  @Test func aNameIsTakenWithinItsSortOnly() throws {
    struct Twin: Sampler {
      static let kind = "black"
      func first(of count: Int) -> Int { 1 }
    }
    var registry = try Self.registry()
    try registry.register(Twin.self)
    #expect(try registry.makeSampler(KindDescription(kind: "black")).first(of: 3) == 1)
    let taken = RegistryError.kindIsTaken(noun: "sampler", kind: "black", by: .program, newcomer: Self.stranger)
    #expect(throws: taken) { try registry.register(Twin.self, from: Self.stranger) }
  }

  @Test(arguments: ["", "9lives", "two words", "naïve", String(repeating: "a", count: 65)])
  func aKindIsAWord(_ name: String) {
    #expect(!Registry.isValid(kind: name))
    #expect(Registry.isValid(kind: "word9") && Registry.isValid(kind: String(repeating: "a", count: 64)))
  }
}
