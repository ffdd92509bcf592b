package example;

import io.stampkit.AlarmTopic;
import java.util.List;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Stack;

/** What a Java program sees of an error: its message. */
public final class Mistake {
    private Mistake() {}

    public static void main(String[] args) {
        try {
            AlarmTopic.Builder.create(new Stack(new App(), "Shop"), "Topic").subscriptions(List.of("on-call@example.com")).build();
        } catch (RuntimeException error) {
            System.out.println(error.getMessage());
            return;
        }
        throw new IllegalStateException("a subscription without a protocol was taken");
    }
}
