import com.google.gson.Gson;
import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.*;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** How to call Tandem: channels, who calls, what errors hold, and when to repeat. */
final class Calls {
  private static final int MAX_ATTEMPTS = 8;

  private Calls() {}

  /** A channel that waits and repeats as the published service config says. */
  static ManagedChannel channelTo(String address, Path serviceConfig) throws IOException {
    try (Reader json = Files.newBufferedReader(serviceConfig)) {
      Map<String, ?> config = new Gson().<Map<String, ?>>fromJson(json, Map.class);
      return ManagedChannelBuilder.forTarget(address).usePlaintext().defaultServiceConfig(config).build();
    }
  }

  /** Says who calls. On loopback a server without credentials believes it; elsewhere a token stands here. */
  static ClientInterceptor as(String role, String actor) {
    Metadata caller = new Metadata();
    caller.put(Metadata.Key.of("tandem-role", Metadata.ASCII_STRING_MARSHALLER), role);
    caller.put(Metadata.Key.of("tandem-actor", Metadata.ASCII_STRING_MARSHALLER), actor);
    return MetadataUtils.newAttachHeadersInterceptor(caller);
  }

  /** The detail of that type which Tandem attached to an error. */
  static <T extends Message> Optional<T> detailOf(StatusRuntimeException error, Class<T> type) {
    com.google.rpc.Status status = StatusProto.fromThrowable(error);
    if (status == null) return Optional.empty();
    for (Any detail : status.getDetailsList()) {
      if (!detail.is(type)) continue;
      try {
        return Optional.of(detail.unpack(type));
      } catch (InvalidProtocolBufferException broken) {
        throw new IllegalStateException("a detail of an error cannot be read", broken);
      }
    }
    return Optional.empty();
  }

  /** "ETAG_MISMATCH" and so on; empty when the error is not Tandem's but comes from the connection. */
  static String reasonOf(StatusRuntimeException error) {
    return detailOf(error, ErrorInfo.class)
        .filter(info -> info.getDomain().equals("tandem")).map(ErrorInfo::getReason).orElse("");
  }

  /**
   * Calls, and repeats the SAME request where that helps.
   *
   * <p>A write is safe to repeat, even after a lost connection, because its request_id stays the same: if the first
   * one was committed, its answer comes again. The service config makes the quick repetitions already; this goes on
   * for longer, and waits as the server asks when a quota is used up.
   */
  static <T> T repeating(Supplier<T> call) {
    for (int attempt = 1; ; ++attempt) {
      try {
        return call.get();
      } catch (StatusRuntimeException error) {
        Optional<Duration> wait = detailOf(error, RetryInfo.class).map(RetryInfo::getRetryDelay);
        Status.Code code = error.getStatus().getCode();
        if (attempt == MAX_ATTEMPTS) throw error;
        if (wait.isPresent()) { // RESOURCE_EXHAUSTED by rate, a server that restarts
          sleep(wait.get().getSeconds() * 1000 + wait.get().getNanos() / 1_000_000);
        } else if (code == Status.Code.UNAVAILABLE || code == Status.Code.DEADLINE_EXCEEDED) {
          sleep(Math.min(100L << attempt, 5000));
        } else {
          throw error; // repeating does not help: the caller decides by code and reason
        }
      }
    }
  }

  /** The error of a call that is to fail, printed. */
  static StatusRuntimeException failureOf(Supplier<?> call) {
    try {
      repeating(call);
    } catch (StatusRuntimeException error) {
      say(error);
      return error;
    }
    throw new IllegalStateException("the call did not fail");
  }

  static void say(StatusRuntimeException error) {
    String reason = reasonOf(error);
    System.out.println("error: " + error.getStatus().getCode() + " "
        + (reason.isEmpty() ? "no reason: repeat" : reason));
  }

  static void sleep(long milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }
}
